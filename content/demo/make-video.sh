#!/bin/sh
# Makes media/chuyen-dong.mp4 with its captions (.vi.srt, .en.srt) and chapters (.chapters.json).
# The results are committed; run this only to change the film. Takes about two minutes.
#
# Needs: espeak-ng (the voice), ffmpeg with libx264 and aac, fonts-dejavu-core (formulas), python3
# with venv, the network for pip (Pillow, fonttools, brotli into a folder of its own), and
# `npm ci` done in frontend/ (Be Vietnam Pro comes from there).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for tool in espeak-ng ffmpeg ffprobe python3; do
  command -v "$tool" >/dev/null || { echo "make-video.sh: $tool is missing" >&2; exit 1; }
done
work=${LOPMO_VIDEO_WORK:-/tmp/lopmo-demo-video}
mkdir -p "$work"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'pillow>=11' 'fonttools>=4.50' 'brotli>=1.1'
exec env PYTHONDONTWRITEBYTECODE=1 "$work/venv/bin/python" "$here/media-sources/chuyen_dong.py" "$work" "$here"
