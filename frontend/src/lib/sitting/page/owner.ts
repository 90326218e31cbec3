const KEY = "lopmo.sits";

/**
 * Who sits on this device, for when the server cannot be asked after a reload. Goes when she signs out or
 * another signs in; what lies on the device is found under this name only.
 */
export function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function remember(owner: string): void {
  try {
    localStorage.setItem(KEY, owner);
  } catch {
    // Storage forbidden: then nothing is kept either.
  }
}

export function forgetOwner(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
