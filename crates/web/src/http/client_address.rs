//! Where a request came from: the connection's address, or the forwarded one when the
//! connection is a configured proxy's.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;

use crate::App;

/// The client's address as text; empty on the local socket.
#[derive(Debug)]
pub struct ClientAddress(pub String);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = crate::ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let found: Result<ConnectInfo<SocketAddr>, _> = ConnectInfo::from_request_parts(parts, app).await;
        let Ok(ConnectInfo(peer)) = found else { return Ok(Self(String::new())) };
        let peer = peer.ip().to_canonical();
        if !is_trusted(peer, &app.settings.trusted_proxies) {
            return Ok(Self(peer.to_string()));
        }
        // The last address that is not one of our own proxies; those before it anyone may have invented.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let chain: Vec<IpAddr> = forwarded.flat_map(|line| line.split(',')).filter_map(|part| part.trim().parse().ok()).collect();
        let client = chain.into_iter().rev().find(|address| !is_trusted(*address, &app.settings.trusted_proxies));
        Ok(Self(client.unwrap_or(peer).to_string()))
    }
}

/// Whether an address is one of the configured proxies (exact address or `network/prefix`).
pub fn is_trusted(address: IpAddr, proxies: &[String]) -> bool {
    proxies.iter().any(|entry| match entry.split_once('/') {
        None => entry.parse() == Ok(address),
        Some((network, bits)) => match (network.parse::<IpAddr>(), bits.parse::<u32>(), address) {
            (Ok(IpAddr::V4(network)), Ok(bits @ 0..=32), IpAddr::V4(address)) => {
                let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
                u32::from(network) & mask == u32::from(address) & mask
            }
            (Ok(IpAddr::V6(network)), Ok(bits @ 0..=128), IpAddr::V6(address)) => {
                let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
                u128::from(network) & mask == u128::from(address) & mask
            }
            _ => false,
        },
    })
}
