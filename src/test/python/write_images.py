"""Writes images of every format, colour type and bit depth, with the pixels that Pillow reads.

Usage: write_images.py DIRECTORY [CONVERT]

CONVERT is ImageMagick's program; without it, the files that only ImageMagick writes are missing.
Writes NAME.EXT and NAME.EXT.rgb, [height, width, 3], and prints a list of {name, width, height}.
The expected pixels are those of Image.convert("RGB"), except where the tool has a rule of its own:
an alpha channel is dropped, 16 bits are truncated to 8, and the EXIF orientation is applied.
"""

import io
import json
import pathlib
import struct
import subprocess
import sys
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

directory = pathlib.Path(sys.argv[1])
convert = sys.argv[2] if len(sys.argv) > 2 else None
listing = []

W, H = 23, 17
random = np.random.default_rng(1)
smooth = np.stack(
    [np.add.outer(np.arange(H) * a, np.arange(W) * b) % 256 for a, b in ((5, 7), (11, 2), (3, 9))],
    axis=-1,
).astype(np.uint8)
noise = random.integers(0, 256, (H, W, 3), dtype=np.uint8)
alpha = random.integers(0, 256, (H, W), dtype=np.uint8)
rgb = Image.fromarray(noise)
rgba = Image.fromarray(np.dstack([noise, alpha]))
gray = Image.fromarray(noise[..., 0])
gray_alpha = Image.merge("LA", [gray, Image.fromarray(alpha)])
bilevel = gray.convert("1")
palette = rgb.quantize(60)
palette_4 = rgb.quantize(13)
cmyk = Image.fromarray(np.dstack([alpha, noise]), "CMYK")
words = random.integers(0, 1 << 16, (H, W), dtype=np.uint16)
gray_16 = Image.fromarray(words)
# Large smooth areas: lossy formats hardly change them.
photo = Image.fromarray(smooth[:6, :8]).resize((64, 48), Image.BICUBIC)
# A profile that changes colors if it is applied: red and blue are swapped.
srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
swapped = bytearray(srgb)
count = struct.unpack(">I", swapped[128:132])[0]
tags = {bytes(swapped[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
profile = bytes(swapped)


def expected(file):
    """The pixels by the tool's rules."""
    image = Image.open(file)
    image.load()
    if image.mode == "I;16" or image.mode == "I;16B":
        values = (np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)
        image = Image.fromarray(values)
    if image.mode in ("RGBA", "LA", "RGBX"):
        # convert("RGB") drops the alpha channel without blending.
        image = image.convert("RGB")
    if image.format != "GIF":
        image = ImageOps.exif_transpose(image)
    return np.asarray(image.convert("RGB"))


def add(name, pixels=None):
    pixels = expected(directory / name) if pixels is None else pixels
    (directory / (name + ".rgb")).write_bytes(np.ascontiguousarray(pixels, np.uint8).tobytes())
    listing.append({"name": name, "width": pixels.shape[1], "height": pixels.shape[0]})


def save(name, image, pixels=None, **options):
    image.save(directory / name, **options)
    add(name, pixels)


def magick(name, image, *arguments, pixels=None):
    if convert is None:
        return
    source = directory / "source.png"
    image.save(source)
    subprocess.run([convert, source, *arguments, directory / name], check=True)
    source.unlink()
    add(name, pixels)


def chunk(kind, content):
    return (
        struct.pack(">I", len(content)) + kind + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png(name, bits, color, rows, pixels, extra=b""):
    """A PNG of a bit depth and color type that Pillow doesn't write."""
    height, width = pixels.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
    (directory / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )
    add(name, pixels)


def packed(levels, bits):
    """Rows of samples, several in a byte."""
    rows = []
    for row in levels:
        text = "".join(format(v, f"0{bits}b") for v in row)
        text += "0" * (-len(text) % 8)
        rows.append(np.array([int(text[i : i + 8], 2) for i in range(0, len(text), 8)], np.uint8))
    return rows


def gray_pixels(levels, bits):
    values = (levels.astype(int) * 255 // ((1 << bits) - 1)).astype(np.uint8)
    return np.repeat(values[..., None], 3, axis=2)


# PNG
save("gray8.png", gray)
save("gray8-alpha.png", gray_alpha)
save("rgb8.png", rgb)
save("rgb8-alpha.png", rgba)
save("bilevel.png", bilevel)
save("palette8.png", palette)
save("palette4.png", palette_4, bits=4)
save("palette2.png", rgb.quantize(4), bits=2)
save("palette1.png", rgb.quantize(2), bits=1)
save("palette8-transparent.png", palette, transparency=3)
save("gray8-profile.png", gray, icc_profile=profile)
save("rgb8-profile.png", rgb, icc_profile=profile)
save("gray16.png", gray_16)
for bits in (1, 2, 4):
    levels = noise[..., 1] >> (8 - bits)
    png(f"gray{bits}.png", bits, 0, packed(levels, bits), gray_pixels(levels, bits))
big = random.integers(0, 1 << 16, (H, W, 4), dtype=np.uint16)
png("rgb16.png", 16, 2, big[..., :3].astype(">u2"), big[..., :3] >> 8)
png("rgb16-alpha.png", 16, 6, big.astype(">u2"), big[..., :3] >> 8)
png(
    "gray16-alpha.png", 16, 4, big[..., :2].astype(">u2"),
    np.repeat(big[..., :1] >> 8, 3, axis=2),
)
png("gray8-gamma.png", 8, 0, noise[..., 0], np.repeat(noise[..., :1], 3, axis=2),
    chunk(b"gAMA", struct.pack(">I", 100000)))
magick("rgb8-interlaced.png", rgb, "-interlace", "PNG")
magick("gray8-interlaced.png", gray, "-interlace", "PNG")

# JPEG
save("rgb.jpg", photo, quality=92)
save("rgb-444.jpg", photo, quality=92, subsampling=0)
save("rgb-progressive.jpg", photo, quality=92, progressive=True, subsampling=0)
save("gray.jpg", photo.convert("L"), quality=92)
save("gray-progressive.jpg", photo.convert("L"), quality=92, progressive=True)
save("cmyk.jpg", photo.convert("CMYK"), quality=95)
save("rgb-profile.jpg", photo, quality=92, subsampling=0, icc_profile=profile)
save("gray-profile.jpg", photo.convert("L"), quality=92, icc_profile=profile)
save("pair.mpo", photo, format="MPO", save_all=True, append_images=[photo.rotate(180)],
     quality=92, subsampling=0)
exif = Image.Exif()
exif[0x0112] = 6
save("rgb-orientation6.jpg", photo, quality=92, subsampling=0, exif=exif)
save("keep-rgb.jpg", photo, quality=95, keep_rgb=True)
magick("ycck.jpg", photo.convert("RGB"), "-colorspace", "CMYK", "-quality", "95")

# GIF
save("palette.gif", palette)
save("gray.gif", gray)
save("bilevel.gif", bilevel)
save("transparent.gif", palette, transparency=3)
save("animated.gif", palette, save_all=True, append_images=[palette.rotate(180)])
save("interlaced.gif", palette, interlace=True)
save("single-color.gif", Image.new("P", (W, H), 0))


def gif_on_screen(name, screen, place, transparency=None, local=False):
    """The first frame at a place of a larger screen."""
    buffer = io.BytesIO()
    options = {} if transparency is None else {"transparency": transparency}
    palette.save(buffer, "GIF", interlace=False, optimize=False, **options)
    data = bytearray(buffer.getvalue())
    data[6:10] = struct.pack("<HH", *screen)
    at = 13 + 3 * (2 << (data[10] & 7))
    while data[at] == 0x21:
        at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    data[at + 1 : at + 5] = struct.pack("<HH", *place)
    if local:  # The palette moves from the screen to the frame.
        flags, colors = data[10] & 7, bytes(data[13 : 13 + 3 * (2 << (data[10] & 7))])
        data[at + 9] = (data[at + 9] & 0x78) | 0x80 | flags
        data[at + 10 : at + 10] = colors
        data[10] &= 0x7F
        del data[13 : 13 + len(colors)]
    (directory / name).write_bytes(data)
    add(name)


gif_on_screen("screen.gif", (W + 9, H + 6), (4, 5))
gif_on_screen("screen-transparent.gif", (W + 9, H + 6), (4, 5), transparency=7)
gif_on_screen("screen-local-palette.gif", (W + 9, H + 6), (4, 5), local=True)
gif_on_screen("screen-too-small.gif", (5, 4), (0, 0))
gif_on_screen("frame-beyond-screen.gif", (W, H), (3, 2))

# BMP
save("gray8.bmp", gray)
save("bilevel.bmp", bilevel)
save("palette8.bmp", palette)
save("rgb24.bmp", rgb)
save("rgba32.bmp", rgba)
magick("gray4.bmp", Image.fromarray((noise[..., 0] >> 4) * 17), "-type", "Palette")
magick("palette4.bmp", palette_4, "-type", "Palette")
magick("rle.bmp", palette, "-compress", "RLE")
magick("rgb24-version2.bmp2", rgb)
magick("rgb24-version3.bmp3", rgb, "-type", "TrueColor")


def bmp16(name, masks):
    """16 bits a pixel: 5, 5, 5 or 5, 6, 5."""
    green_bits = 6 if masks else 5
    values = (
        (noise[..., 0].astype(int) >> 3) << (5 + green_bits)
        | (noise[..., 1].astype(int) >> (8 - green_bits)) << 5
        | noise[..., 2].astype(int) >> 3
    ).astype("<u2")
    rows = b"".join(row.tobytes() + b"\0" * (-2 * W % 4) for row in values[::-1])
    mask_bytes = struct.pack("<III", 0xF800, 0x7E0, 0x1F) if masks else b""
    offset = 54 + len(mask_bytes)
    header = struct.pack("<2sIHHI", b"BM", offset + len(rows), 0, 0, offset)
    info = struct.pack("<IiiHHIIiiII", 40, W, H, 1, 16, 3 if masks else 0, len(rows), 0, 0, 0, 0)
    (directory / name).write_bytes(header + info + mask_bytes + rows)
    add(name)


bmp16("rgb555.bmp", False)
bmp16("rgb565.bmp", True)
top_down = bytearray((directory / "rgb24.bmp").read_bytes())
top_down[22:26] = struct.pack("<i", -H)
(directory / "top-down.bmp").write_bytes(top_down)
add("top-down.bmp")

# WebP
save("lossless.webp", rgb, lossless=True, exact=True)
save("lossless-alpha.webp", rgba, lossless=True, exact=True)
save("lossless-gray.webp", gray, lossless=True)
save("lossless-profile.webp", rgb, lossless=True, icc_profile=profile)
save("lossy.webp", photo, quality=90)
save("lossy-profile.webp", photo, quality=90, icc_profile=profile)
save("lossless-orientation6.webp", rgb, lossless=True, exif=exif)

save("animated.webp", rgb, save_all=True, append_images=[rgb.rotate(180)], lossless=True)
canvas = Image.new("RGBA", (W + 9, H + 6), (0, 0, 0, 0))
canvas.paste(rgba, (4, 6))
other = Image.fromarray(random.integers(0, 256, (H + 6, W + 9, 4), dtype=np.uint8))
save("canvas.webp", canvas, save_all=True, append_images=[other], lossless=True, exact=True,
     minimize_size=True)
canvas.paste(photo.crop((0, 0, W, H)), (4, 6))
save("canvas-lossy.webp", canvas, save_all=True, append_images=[other], quality=90,
     minimize_size=True)

# TIFF
for name, image in {
    "bilevel": bilevel, "gray8": gray, "gray16": gray_16, "palette8": palette, "rgb8": rgb,
    "rgba8": rgba, "cmyk": cmyk,
}.items():
    save(f"{name}.tif", image)
    save(f"{name}-lzw.tif", image, compression="tiff_lzw")
    save(f"{name}-deflate.tif", image, compression="tiff_adobe_deflate")
    save(f"{name}-packbits.tif", image, compression="packbits")
save("gray8-alpha.tif", gray_alpha)
save("group3.tif", bilevel, compression="group3")
save("group4.tif", bilevel, compression="group4")
save("jpeg-rgb.tif", photo, compression="jpeg")
save("jpeg-gray.tif", photo.convert("L"), compression="jpeg")
save("jpeg-ycbcr.tif", photo.convert("YCbCr"), compression="jpeg")
save("jpeg-cmyk.tif", photo.convert("CMYK"), compression="jpeg")
save("ycbcr.tif", photo.convert("YCbCr"))
save("tiled.tif", photo, compression="tiff_lzw", tiffinfo={322: 32, 323: 32})
save("predictor.tif", photo, compression="tiff_lzw", tiffinfo={317: 2})
save("strips.tif", photo, tiffinfo={278: 5})
save("profile.tif", rgb, icc_profile=profile)
save("orientation6.tif", rgb, tiffinfo={274: 6})
save("pages.tif", rgb, save_all=True, append_images=[palette, gray])
magick("big-endian.tif", rgb, "-endian", "MSB")
magick("planar.tif", rgb, "-interlace", "plane")
magick("gray4.tif", Image.fromarray((noise[..., 0] >> 4) * 17), "-depth", "4", "-type", "Grayscale")
magick("palette4.tif", palette_4, "-type", "Palette")
magick("white-is-zero.tif", gray, "-define", "quantum:polarity=min-is-white")
magick("rgb16.tif", rgb, "-depth", "16")

print(json.dumps(listing))
