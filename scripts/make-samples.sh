#!/usr/bin/env bash
#
# Makes the files in samples/, the small media library that Playhead serves
# when it is given no folder and that the browser tests play. samples/README.md
# says what each file is for; that file is written by hand and left alone.
#
# Needs ffmpeg (Debian package "ffmpeg") with libx264, libx265, libvpx,
# libopus and libmp3lame. Otherwise bash, coreutils, awk and find.
#
# Nothing is taken from elsewhere: pictures and sound come from ffmpeg's own
# test sources. Running the script again with the same ffmpeg build gives the
# same bytes.

set -euo pipefail

# Byte semantics: ${#string} counts bytes (needed for the PDF offsets) and the
# non-ASCII names are passed through as they stand.
export LC_ALL=C

cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p samples
cd samples

seconds=15          # length of every media file
max_total=4000000   # bytes; the library ships with the package
unicode_dir='Música – 音楽 – Ünïcode'

mkdir -p video audio pictures documents "$unicode_dir"

# ---------------------------------------------------------------- inputs ----

# A moving pattern with a running clock and frame number, so that a seek can be
# checked by eye; a steady tone with a beep on every second, so that it can be
# checked by ear.
picture=(-f lavfi -i "testsrc2=size=320x180:rate=25:duration=$seconds")
tone=(-f lavfi -i "sine=frequency=330:beep_factor=4:sample_rate=48000:duration=$seconds")

# For the VBR files: half soft tone, half tone with noise. A steady tone takes
# the encoder about 32 kbit/s, two channels of unrelated noise about 150, so a
# reader that takes the bit rate of the first frames for that of the whole file
# gets a length two to three times too long. The tone fades in, because a sudden
# start would make the very first frame a large one. The noise has fixed seeds,
# as random ones would change the file on each run.
noise=anoisesrc=color=pink:amplitude=0.1:sample_rate=48000:duration=$seconds
half_tone_half_noise=(
  -f lavfi -i "sine=frequency=330:sample_rate=48000:duration=$seconds"
  -f lavfi -i "$noise:seed=1" -f lavfi -i "$noise:seed=2"
  -filter_complex "[0]afade=start_time=0.2:duration=1,aformat=channel_layouts=stereo[tone];
    [1][2]amerge,volume='if(lt(t,$seconds/2),0,1)':eval=frame[noise];
    [tone][noise]amix=inputs=2:normalize=0"
)

# -------------------------------------------------------------- encoders ----

# One thread: the number of threads would otherwise follow the machine and
# change the output. -g 50 is a keyframe every two seconds.
h264=(-c:v libx264 -preset medium -profile:v high -pix_fmt yuv420p -crf 36 -g 50 -threads 1)
# info=0 leaves out the x265 settings string, which lists CPU features.
hevc=(-c:v libx265 -preset medium -pix_fmt yuv420p -crf 36 -threads 1
  -x265-params log-level=error:info=0:pools=none:frame-threads=1:keyint=50:min-keyint=50)
vp9=(-c:v libvpx-vp9 -deadline good -cpu-used 4 -pix_fmt yuv420p -crf 50 -b:v 0 -g 50 -threads 1)
aac=(-c:a aac -b:a 48k -ac 1)
opus=(-c:a libopus -b:a 40k -ac 1)
# At 64 kbit/s the Info frame that ffmpeg puts first has the same bit rate as
# the rest; at lower rates it would not fit.
cbr=(-c:a libmp3lame -b:a 64k -ac 1)
vbr=(-c:a libmp3lame -q:a 4)

# make OUTPUT ARGUMENTS... - runs ffmpeg. "bitexact" and -map_metadata -1 keep
# dates, random identifiers and the version of ffmpeg out of the file.
make() {
  local output=$1
  shift
  ffmpeg -nostdin -hide_banner -loglevel error -y "$@" -map_metadata -1 \
    -fflags +bitexact -flags:v +bitexact -flags:a +bitexact "$output"
}

# ----------------------------------------------------------------- video ----

# moov (the index) before the media data: playback can start at once.
make video/mp4-moov-first.mp4 "${picture[@]}" "${tone[@]}" "${h264[@]}" "${aac[@]}" -movflags +faststart
# moov after the media data, as ffmpeg and many cameras write it: a player has
# to fetch the end of the file first.
make video/mp4-moov-last.mp4 "${picture[@]}" "${tone[@]}" "${h264[@]}" "${aac[@]}"
# No B-frames here: an empty moov is written before the first frame and so has
# no edit list to take their delay off the start again.
make video/mp4-fragmented.mp4 "${picture[@]}" "${tone[@]}" "${h264[@]}" -bf 0 "${aac[@]}" \
  -movflags +frag_keyframe+empty_moov+default_base_moof
# Tagged hev1, which some players refuse although they play hvc1.
make video/mp4-hevc-hev1.mp4 "${picture[@]}" "${tone[@]}" "${hevc[@]}" -tag:v hev1 "${aac[@]}" -movflags +faststart
make video/quicktime.mov "${picture[@]}" "${tone[@]}" "${h264[@]}" "${aac[@]}"
make video/matroska.mkv "${picture[@]}" "${tone[@]}" "${h264[@]}" "${aac[@]}"
make video/webm-vp9-opus.webm "${picture[@]}" "${tone[@]}" "${vp9[@]}" "${opus[@]}"

# ------------------------------------------------------------- subtitles ----

# Same base name as video/mp4-moov-first.mp4. One cue for every three seconds;
# SRT writes times as 00:00:03,000 and WebVTT as 00:00:03.000.
cues() {
  local comma=$1 number=0 start
  local lines=('The first cue' 'Accents: é è ü ñ ø' 'Ελληνικά, Кириллица' '日本語の字幕' 'The last cue')
  for start in 0 3 6 9 12; do
    printf '%d\n00:00:%02d%s000 --> 00:00:%02d%s800\n%s\n\n' \
      $((number + 1)) "$start" "$comma" $((start + 2)) "$comma" "${lines[number]}"
    number=$((number + 1))
  done
}
cues , >video/mp4-moov-first.srt
{ printf 'WEBVTT\n\n'; cues .; } >video/mp4-moov-first.vtt

# ----------------------------------------------------------------- audio ----

make audio/aac.m4a "${tone[@]}" "${aac[@]}" -movflags +faststart
make audio/mp3-cbr.mp3 "${tone[@]}" "${cbr[@]}"
make audio/mp3-vbr-xing.mp3 "${half_tone_half_noise[@]}" "${vbr[@]}"
# Without the Xing header nothing in the file gives its length.
make audio/mp3-vbr-no-xing.mp3 "${half_tone_half_noise[@]}" "${vbr[@]}" -write_xing 0
make audio/opus.opus "${tone[@]}" "${opus[@]}"
# The same codec under the older, more general file extension.
make audio/ogg-opus.ogg "${tone[@]}" "${opus[@]}" -f ogg
# Lossless and uncompressed: low sample rates keep these two small.
make audio/flac.flac "${tone[@]}" -c:a flac -ac 1 -ar 16000
make audio/pcm.wav "${tone[@]}" -c:a pcm_s16le -ac 1 -ar 8000

# Folder and file name both with spaces and characters outside ASCII.
make "$unicode_dir/Été à Zürich – 夏の歌.mp3" "${tone[@]}" "${cbr[@]}"

# -------------------------------------------------------------- pictures ----

make pictures/test-pattern.jpg -f lavfi -i testsrc2=size=640x360 -frames:v 1 -c:v mjpeg -pix_fmt yuvj420p -q:v 5
make pictures/colour-bars.png -f lavfi -i smptehdbars=size=320x180 -frames:v 1 -c:v png -pix_fmt rgb24

# ------------------------------------------------------------- documents ----

cat >documents/notes.txt <<'TEXT'
Playhead sample text

This file is UTF-8. If these lines look right, so does its encoding:

  Français   Où est le café ? Là-bas, à côté de l’hôtel.
  Deutsch    Größe, Äpfel, Öl, Übung
  Español    ¿Mañana? ¡Sí!
  Ελληνικά   Καλημέρα
  Русский    Доброе утро
  日本語     おはようございます
  Symbols    € £ – — “ ” … → ½ ♫ 🎬
TEXT

# A one-page PDF. The cross-reference table holds the byte offset of every
# object, in entries of exactly 20 bytes.
make_pdf() {
  local content=$'BT /F1 28 Tf 72 720 Td (Playhead sample document) Tj\n/F1 14 Tf 0 -36 Td (One page of text in a PDF file.) Tj ET'
  local objects=(
    '<< /Type /Catalog /Pages 2 0 R >>'
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>'
    "<< /Length ${#content} >>"$'\nstream\n'"$content"$'\nendstream'
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'
    '<< /Title (Playhead sample document) >>'
  )
  # The second line holds four bytes above 127, which mark the file as binary.
  local pdf=$'%PDF-1.4\n%\xe2\xe3\xcf\xd3\n' table='' entry number=1 object
  for object in "${objects[@]}"; do
    printf -v entry '%010d 00000 n \n' "${#pdf}"
    table+=$entry
    pdf+="$number 0 obj"$'\n'"$object"$'\nendobj\n'
    number=$((number + 1))
  done
  printf '%sxref\n0 %d\n0000000000 65535 f \n%s' "$pdf" "$number" "$table"
  printf 'trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n' "$number" "${#pdf}"
}
make_pdf >documents/sample.pdf

# ----------------------------------------------------------------- sizes ----

find . -type f -printf '%9s  %P\n' | sort -k2
total=$(find . -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
printf '%9d  total\n' "$total"
if ((total > max_total)); then
  echo "samples/ holds $total bytes, more than the $max_total allowed" >&2
  exit 1
fi
