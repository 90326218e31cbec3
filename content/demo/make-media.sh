#!/bin/sh
# Makes the lessons' pictures (media/*.png) from media-sources/*.svg and the worksheet from its HTML.
# The results are committed; run this only to change them.
#
# Needs: chromium (draws and prints), ffmpeg (makes the PNG small), and `npm ci` done in frontend/
# for the typeface. Runs in a few seconds.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/media-sources
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fonts=$here/../../frontend/node_modules/@fontsource/be-vietnam-pro/files
{
  for weight in 400 600 700; do
    for subset in latin vietnamese; do
      case $subset in vietnamese) range='U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB' ;; *) range='U+0000-00FF,U+2000-206F,U+2190-22FF' ;; esac
      echo "@font-face{font-family:'Be Vietnam Pro';font-weight:$weight;unicode-range:$range;src:url('file://$fonts/be-vietnam-pro-$subset-$weight-normal.woff2')}"
    done
  done
} > "$work/fonts.css"
browse() { chromium --headless --no-sandbox --disable-gpu --allow-file-access-from-files --hide-scrollbars --user-data-dir="$work/profile" "$@" >/dev/null 2>&1; }
for svg in "$sources"/*.svg; do
  name=$(basename "$svg" .svg)
  { echo "<!doctype html><meta charset=utf-8><style>"; cat "$work/fonts.css"; echo "html,body{margin:0;background:#fdfcf9}svg{display:block;width:1280px;height:720px;font-family:'Be Vietnam Pro'}</style>"; cat "$svg"; } > "$work/$name.html"
  browse --window-size=1280,720 --virtual-time-budget=2000 --screenshot="$work/$name.png" "file://$work/$name.html"
  ffmpeg -v error -y -i "$work/$name.png" -vf 'split[a][b];[a]palettegen=max_colors=96:stats_mode=full[p];[b][p]paletteuse=dither=none' -frames:v 1 -compression_level 100 -fflags +bitexact "$here/media/$name.png"
done
{ echo "<!doctype html><html lang=vi><meta charset=utf-8><style>"; cat "$work/fonts.css"; echo "</style>"; cat "$sources/phieu-chuyen-dong.html"; } > "$work/phieu.html"
browse --no-pdf-header-footer --virtual-time-budget=2000 --print-to-pdf="$here/media/phieu-chuyen-dong.pdf" "file://$work/phieu.html"
ls -l "$here/media"
