#!/usr/bin/env bash
# Makes a lesson on film with a spoken voice: espeak-ng speaks Vietnamese, ffmpeg draws the frames.
# Usage: infra/e2e/make-video.sh FILE.mp4 [SECONDS [HEIGHT]]      (60 seconds of 720 lines if not told)
set -euo pipefail
out=$1
seconds=${2:-60}
height=${3:-720}
width=$((height * 16 / 9 / 2 * 2))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One sentence a line of writing on the board.
cat >"$work/speech.txt" <<'TEXT'
Chào các em. Hôm nay chúng ta học về chuyển động thẳng đều.
Một vật chuyển động thẳng đều khi nó đi được những quãng đường bằng nhau trong những khoảng thời gian bằng nhau.
Vận tốc bằng quãng đường chia cho thời gian. Đơn vị của vận tốc là mét trên giây.
Hãy nhìn quả bóng trên màn hình. Mỗi giây nó đi được một đoạn như nhau.
Các em hãy tự làm bài tập số một và số hai trong sách giáo khoa.
TEXT
espeak-ng -v vi -s 150 -w "$work/once.wav" -f "$work/speech.txt"
font=$(fc-match -f '%{file}' 'DejaVu Sans')

# The ball crosses the screen in four seconds; the counter makes every second tell itself apart.
draw="drawbox=x=0:y=ih*0.78:w=iw:h=4:color=0x8a8577:t=fill"
draw+=",drawtext=fontfile=$font:text='Chuyển động thẳng đều':fontcolor=0x1f2421:fontsize=h/11:x=(w-text_w)/2:y=h*0.10"
draw+=",drawtext=fontfile=$font:text='v = s / t':fontcolor=0x0b6b57:fontsize=h/8:x=(w-text_w)/2:y=h*0.32"
draw+=",drawtext=fontfile=$font:text='●':fontcolor=0xb3261e:fontsize=h/9:x='(w-text_w)*mod(t\,4)/4':y=h*0.655"
draw+=",drawtext=fontfile=$font:text='%{eif\:t\:d} s':fontcolor=0x1f2421:fontsize=h/14:x=w*0.06:y=h*0.86"

ffmpeg -hide_banner -loglevel error -nostdin -y \
  -f lavfi -i "color=c=0xfbfaf7:s=${width}x${height}:r=25:d=$seconds" \
  -stream_loop -1 -i "$work/once.wav" \
  -filter_complex "[0:v]$draw,noise=alls=${LOPMO_VIDEO_GRAIN:-6}:allf=t[v];[1:a]atrim=duration=$seconds,aresample=48000[a]" -map '[v]' -map '[a]' -t "$seconds" \
  -c:v libx264 -preset veryfast -crf "${LOPMO_VIDEO_CRF:-26}" -pix_fmt yuv420p -c:a aac -b:a 96k -movflags +faststart "$out"
