/* Explorers: sliders walk through a grid of numbers that the model gave. Nothing of the model is computed here. */
(() => {
  "use strict";
  const NARROW_BELOW = 560;
  const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const fill = (template, words) => template.replace(/\{(\w+)\}/g, (all, key) => words[key] ?? all);
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  // Whole numbers come packed: each is what it lies above the least, in digits of this alphabet.
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const WORTH = new Map([...DIGITS].map((digit, i) => [digit, i]));
  function unpack({ least, width, text }) {
    if (!width) return () => least;
    return (i) => {
      let above = 0;
      for (let at = i * width; at < (i + 1) * width; at += 1) above = above * DIGITS.length + WORTH.get(text[at]);
      return least + above;
    };
  }

  // A whole number of units of the last decimal kept, as the book prints it: halves go up.
  function print(whole, axis) {
    const factor = 10 ** (axis.fine - axis.decimals);
    const rounded = String(Math.floor((Math.abs(whole) + Math.floor(factor / 2)) / factor));
    const padded = rounded.padStart(axis.decimals + 1, "0");
    const before = padded.slice(0, padded.length - axis.decimals).replace(/\B(?=(\d{3})+$)/g, ",");
    const after = axis.decimals ? `.${padded.slice(-axis.decimals)}` : "";
    const sign = whole < 0 && Number(rounded) > 0 ? "−" : "";
    return sign + before + after + (before + after === "1" ? axis.unit.one : axis.unit.many);
  }

  // Moves labels apart so that none covers another and all stay inside.
  function spread(wanted, heights, low, high) {
    const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
    let stack = 0;
    const aboveFoot = order.map((i) => (stack += heights[i]) - heights[i] / 2);
    // Labels that would overlap are pooled: a pool stands as near as can be to where its labels should be.
    const pools = [];
    order.forEach((i, rank) => {
      let [foot, count] = [wanted[i] - aboveFoot[rank], 1];
      while (pools.length && pools.at(-1)[0] > foot) {
        const [below, others] = pools.pop();
        [foot, count] = [(below * others + foot * count) / (others + count), others + count];
      }
      pools.push([foot, count]);
    });
    const feet = pools.flatMap(([foot, count]) => Array(count).fill(Math.min(Math.max(foot, low), high - stack)));
    const placed = [];
    order.forEach((i, rank) => { placed[i] = feet[rank] + aboveFoot[rank]; });
    return placed;
  }

  function svg(name, attributes, parent, text) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    parent?.append(node);
    return node;
  }
  const colour = (name) => `var(--pc-${name})`;
  const points = (pairs) => pairs.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");

  // The numbers of one setting, looked up.
  function lookUp(data, place) {
    const x = data.x.values, first = x[0], last = x.at(-1);
    const curves = data.curves.map(({ shape, steps, read }) => {
      const at = steps.reduce((sum, step, i) => sum + step * place[i], 0);
      if (shape === "flat") return x.map(() => read(at));
      if (shape === "points") return x.map((_, i) => read(at * x.length + i));
      // A straight line has its ends, ten times finer.
      const [one, two] = [read(2 * at), read(2 * at + 1)];
      return x.map((value) => { const whole = (one + (two - one) * ((value - first) / (last - first))) / 10; return Math.sign(whole) * Math.floor(Math.abs(whole) + 0.5); });
    });
    if (data.track) return { curves, breakEven: null, bands: curves.map((_, c) => [data.low, data.high].map((read) => x.map((__, i) => read(c * x.length + i)))) };
    const at = data.controls.reduce((sum, control, i) => sum * control.texts.length + place[i], 0);
    const kept = new Set(data.levelOf).size, kind = data.cases(at);
    return {
      curves, case: kind,
      breakEven: kind < 2 ? data.breakEven(at) : null,
      levels: data.levelOf.map((i) => data.levels(at * kept + i)),
      span: data.without(at) < 0 ? null : { low: data.spans(2 * at), high: data.spans(2 * at + 1), without: data.without(at) },
    };
  }

  function span(data, { low, high, without }) {
    const { x, words } = data, scale = 10 ** x.fine;
    const text = (whole) => whole < Math.round(x.values[0] * scale) ? fill(words.under, { end: x.texts[0] })
      : whole > Math.round(x.values.at(-1) * scale) ? fill(words.over, { end: x.texts.at(-1) }) : print(whole, x);
    const said = fill(words.span, { low: text(low), high: text(high) });
    return without ? `${said} ${fill(words.without, { without })}` : said;
  }

  // The verdict, what doubt does to it, and the rest.
  function sentences(data, place, point, index) {
    if (data.track) return data.track[index];
    const { words, x, y, evidence } = data;
    const crosses = point.breakEven !== null;
    const settings = Object.fromEntries(data.controls.map((control, i) => [control.id, control.texts[place[i]]]));
    const ends = { low: x.texts[0], high: x.texts.at(-1) };
    const said = [fill(data.verdicts[point.case], { ...settings, ...ends, break_even: crosses ? print(point.breakEven, x) : "" })];
    said.push(point.span ? span(data, point.span) : "");
    const at = crosses ? point.breakEven / 10 ** x.fine : null;
    said.push(!evidence || !crosses ? words.unknown : at < evidence.low ? words.below : at > evidence.high ? words.above : words.inside);
    if (crosses && data.curves.length > 1) {
      const values = data.curves.map((curve, i) => fill(words.value, { label: curve.label, value: print(point.levels[i], y) }));
      said.push(fill(words.levels, { values: values.join("; ") }));
    } else {
      for (const [i, curve] of data.curves.entries()) {
        const [first, last] = [point.curves[i][0], point.curves[i].at(-1)].map((whole) => print(whole, y));
        said.push(fill(words.ends, { label: upper(curve.label), first, last, ...ends }));
      }
    }
    return said.filter(Boolean);
  }

  function readOff(data, point, index) {
    if (data.track) return data.x.texts[index];
    const values = data.curves.map((curve, i) => fill(data.words.value, { label: curve.label, value: print(point.curves[i][index], data.y) }));
    return fill(data.words.read, { x: data.x.texts[index], values: values.join("; ") });
  }

  // The longest words of any setting: the page keeps room for them, so that no slider moves away under a finger.
  function longest(data) {
    const longer = (one, two) => (two.length > one.length ? two : one);
    const settings = data.controls.reduce((product, control) => product * control.texts.length, 1);
    const found = { first: "", span: "", rest: "", read: "" };
    if (data.track) {
      for (const [first, second] of data.track) { found.first = longer(found.first, first); found.span = longer(found.span, second); }
      return { ...found, read: data.x.texts.reduce(longer) };
    }
    const reach = data.curves.map(() => ({ low: Infinity, high: -Infinity }));
    for (let at = 0; at < settings; at += 1) {
      let left = at;
      const place = data.controls.map(() => 0);
      for (let i = place.length - 1; i >= 0; i -= 1) { const size = data.controls[i].texts.length; place[i] = left % size; left = Math.floor(left / size); }
      const point = lookUp(data, place), [first, doubt = "", ...more] = sentences(data, place, point);
      found.first = longer(found.first, first);
      found.span = longer(found.span, doubt);
      found.rest = longer(found.rest, more.join(" "));
      point.curves.forEach((curve, c) => { reach[c].low = Math.min(reach[c].low, ...curve); reach[c].high = Math.max(reach[c].high, ...curve); });
    }
    const values = data.curves.map((curve, c) => fill(data.words.value, { label: curve.label, value: longer(print(reach[c].low, data.y), print(reach[c].high, data.y)) }));
    found.read = fill(data.words.read, { x: data.x.texts.reduce(longer), values: values.join("; ") });
    return found;
  }

  function draw(data, point, index, width, ident) {
    const narrow = width < NARROW_BELOW ? "narrow" : "wide";
    const layout = data.layout[narrow], { x, y, evidence } = data;
    const right = width - layout.right, bottom = layout.height - layout.bottom;
    const [low, high] = y.ends, first = x.values[0], last = x.values.at(-1);
    const across = (value) => layout.left + (clamp(value, first, last) - first) / (last - first) * (right - layout.left);
    const down = (value) => bottom - (value - low) / (high - low) * (bottom - layout.top);
    const [nameRow, evidenceRow, evenRow] = layout.rows, half = layout.row / 2;
    const root = svg("svg", { viewBox: `0 0 ${width} ${layout.height}`, "aria-hidden": "true", focusable: "false", "font-size": layout.text });
    const word = (at, from, text, more = {}) => svg("text", { x: at, y: from, dy: ".35em", fill: colour("soft"), ...more }, root, text);
    const over = (at, from, text, more) => {
      const room = (more?.["font-weight"] ? 0.31 : 0.26) * layout.text * text.length + 2;
      return word(clamp(at, room, width - room), from, text, { "text-anchor": "middle", ...more });
    };
    const rule = (x1, y1, x2, y2, more) => svg("line", { x1, y1, x2, y2, "stroke-width": 1, ...more }, root);

    const clip = svg("clipPath", { id: ident }, svg("defs", {}, root));
    svg("rect", { x: layout.left, y: layout.top, width: right - layout.left, height: bottom - layout.top }, clip);
    word(0, nameRow, y.name);
    over((layout.left + right) / 2, layout.height - 11, x.name);
    if (evidence) {
      const to = across(evidence.high), from = Math.min(across(evidence.low), to - 3);
      const start = evidenceRow + half;
      svg("rect", { x: from, y: start, width: to - from, height: bottom - start, fill: colour("open"), opacity: 0.18, class: "pc-explorer__evidence" }, root);
      over((from + to) / 2, evidenceRow, data.evidenceWords);
    } else if (!data.track) word(layout.left, evidenceRow, data.evidenceWords, { "font-style": "italic" });
    for (const [value, text] of y.ticks) {
      rule(layout.left, down(value), right, down(value), { stroke: colour("rule") });
      word(layout.left - 6, down(value), text, { "text-anchor": "end" });
    }
    for (const [value, text] of x.ticks[narrow]) word(across(value), bottom + 15, text, { "text-anchor": "middle" });

    // Gain and loss: the area between the curve that decides and the other one, or zero.
    const scale = 10 ** y.fine, inside = { "clip-path": `url(#${ident})` };
    const curves = point.curves.map((curve) => curve.map((whole) => whole / scale));
    const [decisive, other] = data.decisive;
    if (data.track) {
      for (const [i, [under, above]] of point.bands.entries()) {
        const edge = (band) => x.values.map((value, j) => [across(value), down(band[j] / scale)]);
        svg("polygon", { points: points([...edge(above), ...edge(under).reverse()]), fill: colour(data.curves[i].colour), opacity: 0.14, class: "pc-explorer__band", ...inside }, root);
      }
    } else {
      const against = other === undefined ? x.values.map(() => 0) : curves[other];
      const pairs = [];
      for (const [i, value] of x.values.entries()) {
        const gap = curves[decisive][i] - against[i], before = i ? curves[decisive][i - 1] - against[i - 1] : gap;
        if (gap * before < 0) {
          // The areas end where the drawn lines meet.
          const t = before / (before - gap), meet = against[i - 1] + t * (against[i] - against[i - 1]);
          pairs.push([across(x.values[i - 1] + t * (value - x.values[i - 1])), meet, meet]);
        }
        pairs.push([across(value), curves[decisive][i], against[i]]);
      }
      const [gain, loss] = data.decisive.length > 1 ? data.decisive.map((i) => data.curves[i].colour) : data.fills;
      for (const [name, farther] of [[gain, Math.max], [loss, Math.min]]) {
        const edge = pairs.map(([at, one, two]) => [at, down(farther(one, two))]);
        const base = pairs.map(([at, , two]) => [at, down(two)]).reverse();
        svg("polygon", { points: points([...edge, ...base]), fill: colour(name), opacity: 0.14, ...inside }, root);
      }
    }
    rule(layout.left, bottom, right, bottom, { stroke: colour("rule") });
    if (data.zeroLine) rule(layout.left, down(0), right, down(0), { stroke: colour("ink") });
    for (const [i, curve] of data.curves.entries()) {
      svg("polyline", { points: points(x.values.map((value, j) => [across(value), down(curves[i][j])])), fill: "none", stroke: colour(curve.colour),
        "stroke-width": 2.2, "stroke-dasharray": curve.dashed ? "9 5" : "none", class: "pc-explorer__curve", ...inside }, root);
    }
    const labels = data.curves.map((curve) => curve[narrow]);
    const middles = spread(curves.map((curve) => down(curve.at(-1))), labels.map((text) => layout.line * text.length + 4), layout.top - 8, bottom + 8);
    for (const [i, curve] of data.curves.entries()) {
      labels[i].forEach((text, line) => word(right + 8, middles[i] + layout.line * (line - (labels[i].length - 1) / 2), text, { fill: colour(curve.colour), "font-weight": "bold" }));
    }

    const at = across(x.values[index]);
    rule(at, layout.top, at, bottom, { stroke: colour("open"), class: "pc-explorer__reader" });
    for (const [i, curve] of data.curves.entries()) {
      svg("circle", { cx: at, cy: down(curves[i][index]), r: 3.5, fill: colour("card"), stroke: colour(curve.colour), "stroke-width": 2, ...inside }, root);
    }
    if (point.span) {
      const [from, to] = [point.span.low, point.span.high].map((whole) => across(whole / 10 ** x.fine));
      svg("rect", { x: from, y: bottom - 5, width: to - from, height: 5, fill: colour("soft"), class: "pc-explorer__span" }, root);
    }
    if (data.track) {
      for (const [i] of data.curves.entries()) svg("circle", { cx: at, cy: down(curves[i][index]), r: 5, fill: colour("ink"), stroke: colour("card"), "stroke-width": 1.5, class: "pc-explorer__chosen" }, root);
    } else if (point.breakEven === null) word(layout.left, evenRow, data.words.none, { class: "pc-explorer__marker" });
    else {
      const even = across(point.breakEven / 10 ** x.fine);
      rule(even, evenRow + half, even, bottom, { stroke: colour("ink"), "stroke-dasharray": "2 2" });
      const without = point.span?.without;
      over(even, evenRow, fill(without > 0 ? data.words.marker_in_draws : data.words.marker, { break_even: print(point.breakEven, x), without }), { fill: colour("ink"), "font-weight": "bold", class: "pc-explorer__marker" });
      svg("circle", { cx: even, cy: down(point.levels[decisive] / scale), r: 5, fill: colour("ink"), stroke: colour("card"), "stroke-width": 1.5, class: "pc-explorer__even" }, root);
    }
    return { root, layout, nearest: (pixels) => x.values.reduce((best, value, i) => (Math.abs(across(value) - pixels) < Math.abs(across(x.values[best]) - pixels) ? i : best), 0) };
  }

  function start(figure, data) {
    const plot = figure.querySelector(".pc-explorer__plot");
    const live = figure.querySelector(".pc-explorer__live");
    for (const curve of data.curves) curve.read = unpack(curve.held);
    for (const name of ["breakEven", "levels", "cases", "spans", "without", "low", "high"]) if (data[name]) data[name] = unpack(data[name]);
    const reader = live.querySelector("[data-read]");
    const sliders = data.controls.map((control) => live.querySelector(`[data-control="${control.id}"]`));
    const [verdict, doubt] = live.querySelectorAll(".pc-explorer__verdict > *");
    const rest = live.querySelector(".pc-explorer__rest");
    const room = longest(data);
    let width = 0, nearest = null;

    const say = (node, text) => { if (node.textContent !== text) node.textContent = text; };
    function show(slider, text, longer = text) {
      slider.setAttribute("aria-valuetext", longer.replace(/\s/g, " "));
      slider.style.setProperty("--pc-at", `${100 * slider.value / slider.max}%`);
      say(slider.parentElement.querySelector("output"), text);
    }
    function update() {
      const place = sliders.map((slider) => Number(slider.value));
      const point = lookUp(data, place), index = Number(reader.value);
      // A curve may be of another thing at each value of the first slider.
      for (const curve of data.curves) Object.assign(curve, curve.looks[place[0]]);
      sliders.forEach((slider, i) => show(slider, data.controls[i].texts[place[i]]));
      show(reader, readOff(data, point, index));
      const [first, second = "", ...more] = sentences(data, place, point, index);
      say(verdict, first);
      say(doubt, second);
      say(rest, more.join(" "));
      const drawn = draw(data, point, index, width, `${figure.id}-clip`);
      nearest = drawn.nearest;
      live.style.setProperty("--pc-left", `${drawn.layout.left}px`);
      live.style.setProperty("--pc-right", `${drawn.layout.right}px`);
      plot.replaceChildren(drawn.root);
    }
    // Measured on a copy: the words themselves are read aloud when they change.
    function reserve(box, words) {
      box.style.minHeight = "";
      const copy = box.cloneNode(true);
      for (const node of copy.querySelectorAll("[id]")) node.removeAttribute("id");
      copy.removeAttribute("aria-live");
      copy.setAttribute("aria-hidden", "true");
      const slots = copy.querySelectorAll("strong, span, output");
      if (slots.length) slots.forEach((node, i) => { node.textContent = words[i]; }); else copy.textContent = words[0];
      box.after(copy);
      const height = copy.getBoundingClientRect().height;
      copy.remove();
      box.style.minHeight = `${Math.ceil(height)}px`;
    }
    function measure() {
      const now = Math.round(plot.clientWidth);
      if (!now || now === width) return;
      width = now;
      update();
      reserve(verdict.parentElement, [room.first, room.span]);
      reserve(rest, [room.rest]);
      reserve(reader.parentElement, [room.read]);
      live.style.setProperty("--pc-stage", `${Math.ceil(plot.parentElement.getBoundingClientRect().height)}px`);
    }

    // The state stands in the address, so that it can be shared: what differs from the start, and nothing else.
    const all = [...data.controls.map((control, i) => ({ key: `${data.name}.${control.id}`, slider: sliders[i], keys: control.keys, start: control.start })),
      { key: `${data.name}.at`, slider: reader, keys: data.x.values.map(String), start: data.x.start }];
    function readAddress() {
      const asked = new URLSearchParams(location.search);
      for (const { key, slider, keys } of all) {
        const index = keys.indexOf(asked.get(key));
        if (index >= 0) slider.value = index;
      }
    }
    function writeAddress() {
      const address = new URL(location.href);
      for (const { key, slider, keys, start: opens } of all) {
        const index = Number(slider.value);
        if (index === opens) address.searchParams.delete(key); else address.searchParams.set(key, keys[index]);
      }
      if (address.href === location.href) return;
      // A browser may refuse: from disk, or where an address changes too often.
      try { history.replaceState(history.state, "", address); } catch { return; }
    }

    readAddress();
    figure.classList.add("pc-explorer--live"); // First, so that the plot has a width.
    measure();
    for (const slider of [...sliders, reader]) {
      slider.addEventListener("input", update);
      slider.addEventListener("change", writeAddress);
    }
    live.querySelector(".pc-explorer__back").addEventListener("click", () => {
      sliders.forEach((slider, i) => { slider.value = data.controls[i].start; });
      reader.value = data.x.start;
      update();
      writeAddress();
    });
    for (const kind of ["pointermove", "pointerdown"]) {
      plot.addEventListener(kind, (event) => {
        const index = String(nearest(event.clientX - plot.getBoundingClientRect().left));
        if (reader.value !== index) { reader.value = index; update(); }
        if (kind === "pointerdown") writeAddress(); // Pointing at the drawing is no choice, touching it is.
      });
    }
    new ResizeObserver(measure).observe(plot);
  }

  function begin(figure, read) {
    try { start(figure, read()); } catch (error) {
      // The drawing of the page stays, and the other explorers start.
      figure.classList.remove("pc-explorer--live");
      setTimeout(() => { throw error; });
    }
  }
  // The numbers stand in the page, or in a script beside it that calls this.
  window.pcExplorer = (slug, data) => begin(document.getElementById(slug), () => data);
  for (const figure of document.querySelectorAll(".pc-explorer")) {
    const held = figure.querySelector("script[type='application/json']");
    if (held) begin(figure, () => JSON.parse(held.textContent));
    else document.head.append(Object.assign(document.createElement("script"), { src: figure.dataset.explorer }));
  }
})();
