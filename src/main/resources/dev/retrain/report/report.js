"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const percent = (value) => (100 * value).toFixed(1) + "%";
  const count = (value) => value.toLocaleString("en");

  /* Training curves: two plots with one cursor, moved by mouse, touch or slider. */
  function drawCurves() {
    const slider = document.getElementById("scrub");
    if (!slider) {
      return;
    }
    const reading = document.getElementById("reading");
    const { iteration, training, validation, best } = data.curves;
    let plots = [];

    function read(index) {
      slider.value = index;
      const text = count(iteration[index]) + (index === best ? " (best)" : "");
      slider.setAttribute("aria-valuetext", "Iteration " + text);
      reading.textContent =
        text + ": training " + percent(training.accuracy[index]) + ", loss " + training.loss[index].toFixed(3)
        + "; validation " + percent(validation.accuracy[index]) + ", loss " + validation.loss[index].toFixed(3);
    }

    function point(index) {
      /* A plot has no positions until it is drawn. */
      for (const plot of plots.filter((each) => each.status === 1)) {
        plot.setCursor({ left: plot.valToPos(iteration[index], "x"), top: 0 }, false, false);
      }
      read(index);
    }

    function draw() {
      const style = getComputedStyle(document.documentElement);
      const color = (name) => style.getPropertyValue("--" + name).trim();
      const font = "12px " + getComputedStyle(document.body).fontFamily;
      plots.forEach((plot) => plot.destroy());
      plots = [...document.querySelectorAll("[data-plot]")].map((place) => {
        const figure = place.dataset.plot;
        const scale = figure === "accuracy" ? 100 : 1;
        const axis = { stroke: color("muted"), font, grid: { stroke: color("line"), width: 1 }, ticks: { show: false } };
        const line = (name, width, alpha) => ({ stroke: color(name), width, alpha, points: { show: false } });
        const scaled = (values) => values.map((value) => scale * value);
        return new uPlot({
          width: place.clientWidth,
          height: place.clientHeight,
          legend: { show: false },
          scales: { x: { time: false } },
          cursor: { y: false, drag: { x: false, y: false }, sync: { key: "curves" }, points: { size: 8 } },
          axes: [{ ...axis, size: 30, values: (plot, ticks) => ticks.map(count) }, { ...axis, size: 44 }],
          series: [{}, line("training", 1, 0.3), line("validation", 1, 0.3), line("training", 2, 1), line("validation", 2.5, 1)],
          hooks: {
            ready: [() => point(+slider.value)],
            setCursor: [(plot) => plot.cursor.idx != null && plot.cursor.left >= 0 && read(plot.cursor.idx)],
          },
        }, [
          iteration,
          scaled(training[figure]), scaled(validation[figure]),
          scaled(training["smooth_" + figure]), scaled(validation["smooth_" + figure]),
        ], place);
      });
    }

    slider.addEventListener("input", () => point(+slider.value));
    for (const query of ["(prefers-color-scheme: dark)", "print"]) {
      matchMedia(query).addEventListener("change", draw);
    }
    new ResizeObserver(() => {
      for (const plot of plots) {
        const place = plot.root.parentElement;
        if (place.clientWidth !== plot.width) {
          plot.setSize({ width: place.clientWidth, height: place.clientHeight });
        }
      }
    }).observe(document.querySelector(".plots"));
    draw();
  }

  /* The confusion matrix and the images of the selected cell. */
  function connectMatrix() {
    const panel = document.getElementById("panel");
    const title = document.getElementById("panel-title");
    const note = document.getElementById("panel-note");
    const images = document.getElementById("panel-images");
    const back = document.getElementById("panel-back");
    const pairs = document.getElementById("pairs");
    const start = title.textContent;
    const cells = [...document.querySelectorAll(".matrix button")];

    function figure(index) {
      const image = data.images[index];
      const figure = document.createElement("figure");
      const shown = document.getElementById("image-" + index);
      if (image.jpeg || shown) {
        const thumbnail = new Image();
        thumbnail.alt = image.name;
        thumbnail.addEventListener("load", () => pixelate(thumbnail));
        thumbnail.src = shown ? shown.src : "data:image/jpeg;base64," + image.jpeg;
        figure.append(thumbnail);
      } else {
        const missing = document.createElement("span");
        missing.className = "missing";
        missing.textContent = "no image";
        figure.append(missing);
      }
      const caption = document.createElement("figcaption");
      const file = document.createElement("span");
      file.className = "file";
      file.textContent = file.title = image.name;
      caption.append(percent(image.confidence), file);
      figure.append(caption);
      return figure;
    }

    function press(actual, predicted) {
      for (const cell of cells) {
        cell.setAttribute("aria-pressed", cell.dataset.actual === actual && cell.dataset.predicted === predicted);
      }
    }

    function show(button) {
      const { actual, predicted } = button.dataset;
      const all = +button.dataset.count;
      const indexes = data.cells[actual + "-" + predicted] || [];
      const correct = actual === predicted;
      title.textContent = button.getAttribute("aria-label");
      note.hidden = false;
      note.textContent = indexes.length === 0 ? "None of these images is on this page." :
        (indexes.length === all ? "" : indexes.length + " of " + count(all) + ", ")
        + (correct ? "least confident first" : "most confident first");
      images.replaceChildren(...indexes.map(figure));
      images.scrollTop = 0;
      images.tabIndex = 0;
      pairs.hidden = true;
      back.hidden = false;
      press(actual, predicted);
      if (panel.getBoundingClientRect().top > innerHeight - 120) {
        panel.scrollIntoView({ block: "nearest" });
      }
    }

    back.addEventListener("click", () => {
      title.textContent = start;
      note.hidden = back.hidden = true;
      images.replaceChildren();
      images.removeAttribute("tabindex");
      pairs.hidden = false;
      press();
      pairs.querySelector("button").focus();
    });
    images.setAttribute("role", "group");
    images.setAttribute("aria-labelledby", "panel-title");
    for (const button of [...cells, ...pairs.querySelectorAll("button")]) {
      button.addEventListener("click", () => show(button));
    }

    /* The matrix is one tab stop; arrow keys move to the next cell that has images. */
    const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    const places = new Map(cells.map((cell) => [cell.dataset.actual + "-" + cell.dataset.predicted, cell]));
    const only = (stop) => cells.forEach((cell) => { cell.tabIndex = cell === stop ? 0 : -1; });
    only(cells[0]);
    for (const cell of cells) {
      cell.addEventListener("focus", () => only(cell));
      cell.addEventListener("keydown", (event) => {
        const step = steps[event.key];
        if (!step) {
          return;
        }
        event.preventDefault();
        let [row, column] = [+cell.dataset.actual, +cell.dataset.predicted];
        do {
          row += step[0];
          column += step[1];
          const next = places.get(row + "-" + column);
          if (next) {
            next.focus();
            return;
          }
        } while (row >= 0 && column >= 0 && row < data.classes && column < data.classes);
      });
    }
  }

  /* Small images are enlarged without smoothing. */
  function pixelate(image) {
    image.classList.toggle("small", image.naturalWidth < 64 && image.naturalHeight < 64);
  }

  function makeSortable(table) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "descending" : "ascending");
        const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
        const compare = (a, b) => value(a).localeCompare(value(b), "en", { numeric: true });
        const number = (a, b) => value(a) - value(b);
        const rows = [...body.rows];
        rows.sort(rows.some((row) => Number.isNaN(+value(row))) ? compare : number);
        body.append(...(up ? rows.reverse() : rows));
      });
    });
  }

  document.querySelectorAll(".gallery img").forEach((image) => {
    image.complete ? pixelate(image) : image.addEventListener("load", () => pixelate(image));
  });
  document.querySelectorAll("[data-sortable]").forEach(makeSortable);
  connectMatrix();
  drawCurves();
})();
