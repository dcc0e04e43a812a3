/* Tables: search, order and pages of rows. What a page does not hold of a table is loaded when a reader asks for it. */
(() => {
  "use strict";
  const SIZES = [10, 25, 50, 100, -1];
  const WORDS = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const waiting = new Map();
  // A script with all rows of a table calls this.
  window.pcRows = (slug, rows) => waiting.get(slug)?.(rows);

  function element(name, attributes, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  // The words of a cell, without those of a card that was opened in it.
  function told(cell) {
    if (!cell.querySelector(".pc-pop")) return cell.textContent;
    const copy = cell.cloneNode(true);
    copy.querySelectorAll(".pc-pop").forEach((card) => card.remove());
    return copy.textContent;
  }

  // What is missing is neither small nor large: it stands last in either direction.
  function inOrder(rows, column, down) {
    const keys = new Map(rows.map((row) => {
      const cell = row.cells[column];
      const missing = Boolean(cell.querySelector(":scope > .pc-void"));
      return [row, cell.dataset.order === undefined ? (missing ? "" : told(cell)) : cell.dataset.order && Number(cell.dataset.order)];
    }));
    return [...rows].sort((one, other) => {
      const [a, b] = [keys.get(one), keys.get(other)];
      if (a === "" || b === "") return (a === "") - (b === "");
      return (down ? -1 : 1) * (typeof a === "number" ? a - b : WORDS.compare(a, b));
    });
  }

  function start(box) {
    const table = box.querySelector("table"), body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
    const slug = box.id.replace("listing-", ""), whole = "whole" in box.dataset;
    const title = box.querySelector(".pc-listing__title")?.textContent || document.title;
    const fold = box.querySelector(".pc-fold"), sortable = box.classList.contains("pc-listing--search");
    let rows = [...body.rows], loading = null, column = -1, down = false, page = 0, size = whole ? -1 : SIZES[0];
    let total = Number(box.dataset.total) || rows.length;

    // All rows of the table: those of the page, or what the script beside it holds.
    function all() {
      if (!box.dataset.rows) return Promise.resolve();
      loading ??= new Promise((done, failed) => {
        waiting.set(slug, (told) => {
          body.innerHTML = told.join("");
          rows = [...body.rows];
          total = rows.length;
          window.pcReady(body);
          delete box.dataset.rows;
          done();
        });
        window.pcLoad(box.dataset.rows).catch(failed);
      });
      return loading;
    }

    const search = element("input", { type: "search", placeholder: "any word", "aria-label": `Search: ${title}`, autocomplete: "off" });
    const length = element("select", { "aria-label": `Rows to show: ${title}` },
      ...SIZES.map((one) => element("option", { value: one }, one < 0 ? "All rows" : `${one} rows`)));
    const info = element("p", { class: "pc-table__info", role: "status" });
    const pager = element("nav", { class: "pc-table__pages", "aria-label": `Pages of rows: ${title}` });
    length.value = size;

    function paged(found) {
      const pages = size < 0 ? 1 : Math.max(1, Math.ceil(found / size));
      page = Math.min(page, pages - 1);
      const first = size < 0 ? 0 : page * size, last = size < 0 ? found : Math.min(found, first + size);
      info.textContent = found ? `${first + 1} to ${last} of ${found}${found < total ? ` (of ${total})` : ""}` : "No row matches.";
      // The first, the last, and those beside the one that is shown.
      const shown = [...Array(pages).keys()].filter((one) => one === 0 || one === pages - 1 || Math.abs(one - page) < 2);
      const focused = pager.contains(document.activeElement) ? document.activeElement.dataset.page : null;
      pager.replaceChildren(...(pages < 2 ? [] : shown.flatMap((one, at) => [
        ...(at && one - shown[at - 1] > 1 ? ["…"] : []),
        element("button", { type: "button", "data-page": one, "aria-label": `Page ${one + 1}`, ...(one === page ? { "aria-current": "page" } : {}) }, String(one + 1)),
      ])));
      if (focused !== null) (pager.querySelector(`[data-page="${focused}"]`) || pager.querySelector("[aria-current]"))?.focus();
      return [first, last];
    }
    function draw() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = rows.filter((row) => { const text = [...row.cells].map(told).join(" ").toLowerCase(); return words.every((word) => text.includes(word)); });
      const ordered = column < 0 ? found : inOrder(found, column, down);
      const [first, last] = paged(ordered.length);
      body.replaceChildren(...ordered.slice(first, last));
      heads.forEach((head, at) => { if (at === column) head.setAttribute("aria-sort", down ? "descending" : "ascending"); else head.removeAttribute("aria-sort"); });
      return ordered;
    }
    const change = async (what) => {
      await all();
      what?.();
      return draw();
    };
    // A link to a row must find it although its page of the table is another one, or not loaded: the table that may hold
    // it, by how the ids of its rows begin, is loaded, and no other.
    async function reach() {
      const id = window.pcAnchor();
      if (!id) return;
      if (box.dataset.rows && id.startsWith(box.dataset.ids) && !document.getElementById(id)) await all();
      if (box.dataset.rows || !rows.some((row) => row.id === id)) return;
      search.value = "";
      const at = draw().findIndex((row) => row.id === id);
      if (size > 0) { page = Math.floor(at / size); draw(); }
      const row = document.getElementById(id);
      row.classList.add("pc-target");
      window.pcUnfold(row);
      row.scrollIntoView({ block: "center" });
    }

    if (sortable) {
      search.addEventListener("input", () => change(() => { page = 0; }));
      length.addEventListener("change", () => change(() => { size = Number(length.value); page = 0; }));
      pager.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button) change(() => { page = Number(button.dataset.page); });
      });
      heads.forEach((head, at) => {
        const button = element("button", { type: "button", class: "pc-table__order" }, ...head.childNodes);
        head.append(button);
        // First up, then down, then as the table stands.
        head.addEventListener("click", () => change(() => {
          [column, down] = column !== at ? [at, false] : down ? [-1, false] : [at, true];
          page = 0;
        }));
      });
      table.before(element("div", { class: "pc-table__tools" }, element("label", {}, "Search ", search), length));
      table.after(element("div", { class: "pc-table__tools" }, info, pager));
      if (rows.length) paged(total);
    }
    if (rows.length && !box.dataset.rows && sortable) draw();
    const open = () => { if (fold.open) (sortable ? change() : all()).catch(() => {}); };
    if (fold) {
      fold.addEventListener("toggle", open);
      open();
    }
    box.pcAll = async () => { await change(() => { size = -1; length.value = size; }); };
    reach();
    window.addEventListener("hashchange", reach);
  }

  const boxes = [...document.querySelectorAll(".pc-listing--search, .pc-listing[data-rows]")].filter((box) => box.querySelector("table thead"));
  boxes.forEach(start);
  // For who prints a page by program: when this is done, every table stands whole.
  window.pcAllRows = () => Promise.all(boxes.map((box) => box.pcAll()));
})();
