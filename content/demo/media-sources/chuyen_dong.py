"""Makes the film: voice first (its lengths decide the timing), then frames, then captions.
Called by make-video.sh as: chuyen_dong.py WORK_FOLDER DEMO_FOLDER"""

import json
import subprocess
import sys
import wave
from pathlib import Path

from frames import Painter
from script import SCENES

FPS = 24
RATE = 48_000


def speak(text: str, to: Path) -> float:
    """Says it into a file of RATE; gives its seconds."""
    raw = to.with_suffix(".raw.wav")
    subprocess.run(["espeak-ng", "-v", "vi", "-s", "150", "-p", "42", "-w", raw, text], check=True)
    # The voice is harsh at the top; low-pass it and even out its loudness.
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", raw, "-af",
                    "silenceremove=start_periods=1:start_threshold=-50dB,lowpass=f=7000,loudnorm=I=-17:TP=-2",
                    "-ar", str(RATE), "-ac", "1", to], check=True)
    with wave.open(str(to)) as sound:
        return sound.getnframes() / sound.getframerate()


def stamp(seconds: float) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def main() -> None:
    work, demo = Path(sys.argv[1]), Path(sys.argv[2])
    media = demo / "media"
    now, cues, chapters, plan = 0.0, [], [], []
    for scene in SCENES:
        begins = now
        if scene.chapter:
            chapters.append({"start_us": round(begins * 1_000_000), "title": scene.chapter})
        now += scene.lead
        starts = []
        for number, line in enumerate(scene.lines):
            sound = work / f"{scene.name}-{number}.wav"
            length = speak(line.say or line.vi, sound)
            starts.append(now - begins)
            cues.append((now, now + length, line, sound))
            now += length + line.pause
        now += scene.tail
        now = round(now * FPS) / FPS
        plan.append((scene.name, begins, now, starts))

    voice = work / "voice.wav"
    with wave.open(str(voice), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        for begins, _, _, sound in cues:
            out.writeframes(b"\0\0" * (round(begins * RATE) - out.tell()))
            with wave.open(str(sound)) as part:
                out.writeframes(part.readframes(part.getnframes()))
        out.writeframes(b"\0\0" * (round(now * RATE) - out.tell()))

    film = media / "chuyen-dong.mp4"
    encoder = subprocess.Popen(
        ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "1280x720", "-r", str(FPS), "-i", "-",
         "-i", voice, "-c:v", "libx264", "-preset", "veryslow", "-tune", "animation", "-crf", "23", "-pix_fmt", "yuv420p",
         "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-vf", "scale=out_color_matrix=bt709",
         "-c:a", "aac", "-b:a", "72k", "-movflags", "+faststart", "-map_metadata", "-1", "-fflags", "+bitexact", "-shortest", film],
        stdin=subprocess.PIPE)
    painter = Painter(demo.parents[1], work)
    for name, begins, ends, starts in plan:
        for number in range(round((ends - begins) * FPS)):
            encoder.stdin.write(painter.frame(name, number / FPS, ends - begins, starts))
    encoder.stdin.close()
    if encoder.wait() != 0:
        sys.exit("ffmpeg failed")

    for language in ("vi", "en"):
        text = "\n".join(f"{number}\n{stamp(begins)} --> {stamp(ends)}\n{getattr(line, language)}\n"
                         for number, (begins, ends, line, _) in enumerate(cues, 1))
        (media / f"chuyen-dong.{language}.srt").write_text(text, encoding="utf-8")
    (media / "chuyen-dong.chapters.json").write_text(json.dumps(chapters, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{film}: {now:.1f} s, {film.stat().st_size / 1e6:.2f} MB")


main()
