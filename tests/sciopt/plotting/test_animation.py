import logging
import stat
import sys

import numpy as np
import pytest
from PIL import Image

from sciopt.plotting import animation
from sciopt.plotting.animation import write_gif, write_mp4

RNG = np.random.default_rng(4)


def frames_of(shape, count=6):
    return RNG.integers(0, 256, (count, *shape), dtype=np.uint8)


def durations(path):
    with Image.open(path) as gif:
        found = []
        for index in range(gif.n_frames):
            gif.seek(index)
            found.append(gif.info["duration"])
    return found


def local_palettes(path):
    """How many frames of a GIF bring colours of their own, by walking its blocks."""
    data = path.read_bytes()
    at = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    count = 0
    while data[at] != 0x3B:
        if data[at] == 0x21:
            at += 2
        else:
            flags = data[at + 9]
            count += flags >> 7
            at += 11 + (3 * 2 ** ((flags & 7) + 1) if flags >> 7 else 0)
        while data[at]:
            at += 1 + data[at]
        at += 1
    return count


def test_a_gif_loops_for_ever_and_rests_on_its_ends(tmp_path):
    path = write_gif(frames_of((11, 11)), tmp_path / "a.gif", fps=20)
    with Image.open(path) as gif:
        assert gif.info["loop"] == 0
    assert durations(path) == [500, 50, 50, 50, 50, 1800]


@pytest.mark.parametrize(("fps", "pause"), [(1, 1000), (10, 100), (30, 30), (60, 20)])
def test_a_gif_has_the_pace_nearest_to_the_frames_per_second(tmp_path, fps, pause):
    path = write_gif(frames_of((8, 8), 4), tmp_path / "a.gif", fps)
    assert durations(path)[1:3] == [pause, pause]


def test_all_frames_share_one_palette_of_smoke_colours(tmp_path):
    path = write_gif(frames_of((20, 20)), tmp_path / "a.gif", fps=20)
    assert local_palettes(path) == 0
    smoke = {tuple(colour) for colour in animation._palette(animation._TONES)}
    with Image.open(path) as gif:
        for index in range(gif.n_frames):
            gif.seek(index)
            colours = gif.convert("RGB").getcolors(maxcolors=1000)
            assert {colour for _, colour in colours} <= smoke


def test_no_smoke_is_dark_and_full_smoke_is_bright(tmp_path):
    frames = np.zeros((2, 10, 10), np.uint8)
    frames[1] = 255
    with Image.open(write_gif(frames, tmp_path / "a.gif", fps=20)) as gif:
        assert max(gif.convert("RGB").getpixel((50, 50))) < 40
        gif.seek(1)
        assert min(gif.convert("RGB").getpixel((50, 50))) > 220


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((110, 110), (440, 440)),
        ((50, 100), (400, 200)),
        ((512, 512), (440, 440)),
        ((8, 4096), (440, 2)),
        ((8, 8), (440, 440)),
    ],
)
def test_animations_are_about_440_pixels_long_and_keep_their_aspect(tmp_path, shape, size):
    with Image.open(write_gif(frames_of(shape, 2), tmp_path / "a.gif", fps=20)) as gif:
        assert gif.size == size


def test_rows_run_down_and_columns_to_the_right(tmp_path):
    frames = np.zeros((2, 20, 40), np.uint8)
    frames[:, :5, 30:] = 255
    with Image.open(write_gif(frames, tmp_path / "a.gif", fps=20)) as gif:
        bright = np.asarray(gif.convert("L")) > 128
    assert bright[:50, 340:].all()
    assert not bright[60:].any()


def test_enlarging_is_smooth(tmp_path):
    frames = np.zeros((2, 20, 20), np.uint8)
    frames[:, :, 10:] = 255
    with Image.open(write_gif(frames, tmp_path / "a.gif", fps=20)) as gif:
        row = np.asarray(gif.convert("L"))[200].astype(int)
    assert np.abs(np.diff(row)).max() < 60, "no jump from dark to bright between two pixels"


def test_sixty_frames_of_moving_smoke_stay_below_three_megabytes(tmp_path):
    x, y = np.meshgrid(*[np.linspace(0, 2 * np.pi, 110)] * 2, indexing="ij")
    bands = [
        np.sin(3 * (x + t * np.sin(2 * y + t)) + t * np.cos(5 * y - 3 * x))
        for t in np.linspace(0, 1.2, 60)
    ]
    frames = np.clip(127 + 300 * np.array(bands), 0, 255).astype(np.uint8)
    path = write_gif(frames, tmp_path / "a.gif", fps=20)
    assert 200_000 < path.stat().st_size < 3_000_000


def test_a_failed_gif_leaves_the_old_one_and_no_rubbish(tmp_path, monkeypatch):
    path = tmp_path / "a.gif"
    path.write_bytes(b"old")

    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        write_gif(frames_of((8, 8)), path, fps=20)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_without_ffmpeg_there_is_no_video_and_no_alarm(tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        assert write_mp4(frames_of((8, 8)), tmp_path / "a.mp4", fps=20) is None
    assert caplog.records == []
    assert list(tmp_path.iterdir()) == []


def encoder(folder, body):
    """A stand-in for ffmpeg: `body` is run with the output's path in `out`."""
    program = folder / "encoder"
    program.write_text(f"#!{sys.executable}\nimport sys\nout = sys.argv[-1]\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="stand-in is a script")


@needs_scripts
def test_a_video_gets_every_picture_in_colour_with_its_rests(tmp_path, monkeypatch):
    copy = "open(out, 'wb').write(sys.stdin.buffer.read() + ' '.join(sys.argv).encode())"
    monkeypatch.setattr(animation, "_ffmpeg", lambda: encoder(tmp_path, copy))
    frames = frames_of((9, 8), 4)
    path = write_mp4(frames, tmp_path / "a.mp4", fps=10)
    data = path.read_bytes()
    width, height = 392, 440  # 49 pixels per cell, 441 cut to an even number
    count = 5 + 2 + 18  # half a second, two frames, 1.8 seconds
    pictures = np.frombuffer(data[: count * width * height * 3], np.uint8)
    pictures = pictures.reshape(count, height, width, 3)
    assert f"-s {width}x{height} -r 10" in data[pictures.nbytes :].decode()
    assert (pictures[:5] == pictures[0]).all()
    assert (pictures[5] != pictures[4]).any()
    assert (pictures[7:] == pictures[7]).all()
    middle = pictures[0, 24::49, 24::49]
    # Interpolation may overshoot between cells, hardly at their middles.
    expected = animation._palette(256)[frames[0]][: middle.shape[0], : middle.shape[1]]
    assert np.abs(middle.astype(int) - expected).max() < 40


@needs_scripts
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.stdin.buffer.read(); sys.exit('Unknown encoder libx264')", "Unknown encoder libx264"),
        ("sys.exit('no input wanted')", "no input wanted"),
        ("sys.exit(3)", "exit status 3"),
    ],
)
def test_an_encoder_that_fails_is_told_and_leaves_nothing(
    tmp_path, monkeypatch, caplog, body, reason
):
    program = encoder(tmp_path, body)
    monkeypatch.setattr(animation, "_ffmpeg", lambda: program)
    assert write_mp4(frames_of((40, 40)), tmp_path / "a.mp4", fps=20) is None
    (record,) = caplog.records
    assert "a.mp4 was not written" in record.getMessage()
    assert reason in record.getMessage()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["encoder"]


def test_an_encoder_that_cannot_be_started_is_told(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(animation, "_ffmpeg", lambda: str(tmp_path / "missing"))
    assert write_mp4(frames_of((8, 8)), tmp_path / "a.mp4", fps=20) is None
    assert "No such file" in caplog.text
