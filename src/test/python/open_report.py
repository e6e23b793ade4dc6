"""Opens a report in headless Chromium and interacts with it: open_report.py CHROMIUM REPORT.

Prints one JSON object: observations at two widths, in the light and dark theme, and after clicks
and key presses.
"""

import json
import pathlib
import re
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

WIDTHS = {"phone": 390, "desktop": 1280}


def open_page(browser, address, width, scheme, observed):
    page = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    ).new_page()
    page.on("console", lambda message: observed["console"].append(message.text))
    page.on("pageerror", lambda error: observed["console"].append(str(error)))
    page.on("dialog", lambda dialog: (observed["dialogs"].append(dialog.message), dialog.dismiss()))
    page.on(
        "request",
        lambda request: observed["requests"].append(request.url)
        if request.url != address and not request.url.startswith("data:")
        else None,
    )
    page.goto(address)
    # Wait until the curves are drawn.
    page.wait_for_selector("[data-plot=loss] canvas", state="attached")
    return page


# axe skips colors that the browser mixes: this is WCAG 2.2's formula for the contrast.
CONTRASTS = """() => {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const luminance = (color) => {
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const cell = document.querySelector('.matrix button');
  const shade = cell.className;
  const contrasts = {};
  for (const ramp of ['correct-', 'misclassified-']) {
    for (let level = 0; level < 10; level++) {
      cell.className = ramp + level;
      const style = getComputedStyle(cell);
      const [dark, light] = [luminance(style.color), luminance(style.backgroundColor)].sort((a, b) => a - b);
      contrasts[cell.className] = (light + 0.05) / (dark + 0.05);
    }
  }
  cell.className = shade;
  return contrasts;
}"""


def inspect(page):
    violations = Axe().run(page).response["violations"]
    return {
        "background": page.evaluate("getComputedStyle(document.body).backgroundColor"),
        "page_width": page.evaluate("document.documentElement.scrollWidth"),
        "contrasts": page.evaluate(CONTRASTS),
        "axe": [
            violation["id"] + ": " + node["html"][:200]
            for violation in violations
            for node in violation["nodes"]
        ],
    }


def panel(page):
    return {
        "title": page.inner_text("#panel-title"),
        "note": page.inner_text("#panel-note"),
        "images": page.locator("#panel-images img").count(),
        "loaded": page.evaluate(
            """async () => {
              const images = [...document.querySelectorAll('#panel-images img')];
              await Promise.all(images.map((image) => image.decode()));
              return images.filter((image) => image.naturalWidth > 0).length;
            }"""
        ),
        "names": page.locator("#panel-images .file").all_text_contents(),
    }


def interact(page):
    result = {
        "title": page.title(),
        "row_heads": page.locator(".matrix:not(.heat) tbody th").all_text_contents(),
        "elements_of_names": page.locator("img[src=x], script[src]").count(),
        "scripts": page.locator("script").count(),
        "start": page.inner_text("#panel-title"),
    }
    cell = page.locator(".matrix button[data-actual='0'][data-predicted='1']")
    cell.click()
    result["clicked"] = panel(page)
    page.click("#panel-back")
    result["back"] = page.inner_text("#panel-title")

    # The keyboard: from the first cell down and to the right, then open the cell.
    page.locator(".matrix button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    result["focused"] = page.evaluate("document.activeElement.getAttribute('aria-label')")
    result["outline"] = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    result["entered"] = panel(page)
    result["tab_stops"] = page.locator(".matrix button:not([tabindex='-1'])").count()

    result["reading"] = page.inner_text("#reading")
    page.focus("#scrub")
    page.keyboard.press("Home")
    result["reading_at_home"] = page.inner_text("#reading")
    plot = page.locator("[data-plot=accuracy] .u-over")
    plot.hover(position={"x": plot.bounding_box()["width"] - 2, "y": 20})
    expect(page.locator("#reading")).to_have_text(re.compile("^600"))
    result["reading_at_hover"] = page.inner_text("#reading")

    page.click("#classes thead th:nth-child(4) button")
    result["f1_ascending"] = [
        float(value)
        for value in page.eval_on_selector_all(
            "#classes tbody td:nth-child(4)", "cells => cells.map(cell => cell.dataset.value)"
        )
    ]
    return result


def check_policy(page):
    """Whether the page's policy blocks injected scripts, requests and images."""
    return page.evaluate(
        """async () => {
          const blocked = [];
          document.addEventListener('securitypolicyviolation', (e) => blocked.push(e.effectiveDirective));
          const script = document.createElement('script');
          script.textContent = 'window.injected = true';
          document.body.append(script);
          await fetch('https://example.invalid/').catch(() => {});
          const image = new Image();
          await new Promise((done) => {
            image.onerror = image.onload = done;
            image.src = 'https://example.invalid/a.png';
          });
          return { blocked, injected: window.injected === true };
        }"""
    )


def main():
    chromium, report = sys.argv[1:]
    address = pathlib.Path(report).resolve().as_uri()
    observed = {"console": [], "dialogs": [], "requests": []}
    result = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, width in WIDTHS.items():
            for scheme in ("light", "dark"):
                page = open_page(browser, address, width, scheme, observed)
                result[name + "_" + scheme] = inspect(page)
                if (name, scheme) == ("desktop", "light"):
                    result["interaction"] = interact(page)
                    result["interaction"]["axe"] = inspect(page)["axe"]
                if (name, scheme) == ("phone", "dark"):
                    result["observed"] = {key: list(values) for key, values in observed.items()}
                    result["policy"] = check_policy(page)
                page.context.close()
        browser.close()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
