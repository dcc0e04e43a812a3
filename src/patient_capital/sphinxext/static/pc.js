/* Cards behind numbers, by hover, keyboard and touch; folds that links open. No request leaves the site. */
(() => {
  "use strict";
  const OPEN_AFTER = 140, CLOSE_AFTER = 220, GAP = 6, MARGIN = 8;
  const cards = new Map(), asked = new Map();
  let made = 0;

  // What an address names behind its sign; an address that somebody has cut names what stands there as it is.
  window.pcAnchor = () => {
    const named = location.hash.slice(1);
    try { return decodeURIComponent(named); } catch { return named; }
  };

  // A script beside the page holds what its cards say: it is loaded when a reader asks for the first of them.
  window.pcCards = (told) => { for (const [key, html] of Object.entries(told)) cards.set(key, html); };
  const load = (address) => {
    if (!asked.has(address)) asked.set(address, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    }));
    return asked.get(address);
  };
  window.pcLoad = load;

  const cardOf = (text) => document.getElementById(text.getAttribute("aria-controls"));
  const textOf = (card) => document.querySelector(`[aria-controls="${card.id}"]`);
  const isOpen = (card) => Boolean(card?.matches(":popover-open"));
  async function cardFor(text) {
    const there = cardOf(text);
    if (there) return there;
    const place = (text.closest("[data-cards]") || document.getElementById("pc-cards"))?.dataset.cards;
    if (!cards.has(text.dataset.card) && place) await load(place);
    if (!cards.has(text.dataset.card)) throw new Error(`no card ${text.dataset.card}`);
    if (cardOf(text)) return cardOf(text);
    const card = document.createElement("span");
    card.className = "pc-pop";
    card.popover = "auto";
    card.id = `pc-card-${made += 1}`;
    card.innerHTML = cards.get(text.dataset.card);
    text.after(card); // What can be reached in it comes next by keyboard.
    text.setAttribute("aria-controls", card.id);
    return card;
  }

  // Without the Popover API a number stays what it is in the page: a link to its row in the ledger.
  const supported = "showPopover" in HTMLElement.prototype;
  const ready = (within) => {
    if (!supported) return;
    for (const text of within.querySelectorAll(".pc-num__text")) {
      text.setAttribute("role", "button");
      text.setAttribute("aria-expanded", "false");
    }
  };
  window.pcReady = ready;
  ready(document);

  function place(text, card) {
    if (window.innerWidth < 600) { card.style.left = card.style.top = ""; return; }
    const at = text.getClientRects()[0] || text.getBoundingClientRect();
    const left = Math.min(Math.max(MARGIN, at.left), window.innerWidth - card.offsetWidth - MARGIN);
    const below = text.getBoundingClientRect().bottom + GAP;
    const fits = below + card.offsetHeight + MARGIN < window.innerHeight;
    const top = fits ? below : Math.max(MARGIN, at.top - GAP - card.offsetHeight);
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  }

  let pinned = null, wanted = null, timer = 0, pressed = null;
  async function show(text, pin) {
    wanted = text;
    let card;
    try { card = await cardFor(text); } catch { if (pin) location.href = text.href; return; }
    // While the cards were loaded the reader may have gone on.
    if (wanted !== text || !text.isConnected) return;
    if (!isOpen(card)) {
      card.showPopover();
      place(text, card);
    }
    if (pin) pinned = card;
  }
  function hide(card) { wanted = null; if (isOpen(card)) card.hidePopover(); }
  function toggle(text) {
    const card = cardOf(text);
    clearTimeout(timer);
    // A press outside an open card closes it before the click arrives; that click must not open it again.
    const wasPinned = card && (pressed === card || (isOpen(card) && pinned === card));
    pressed = null;
    if (wasPinned) { pinned = null; hide(card); } else show(text, true);
  }

  if (supported) {
    document.addEventListener("pointerover", (event) => {
      if (event.pointerType !== "mouse") return;
      const number = event.target.closest?.(".pc-num");
      if (!number) return;
      clearTimeout(timer);
      timer = setTimeout(() => show(number.querySelector(".pc-num__text")), OPEN_AFTER);
    });
    document.addEventListener("pointerout", (event) => {
      if (event.pointerType !== "mouse") return;
      const number = event.target.closest?.(".pc-num");
      if (!number || number.contains(event.relatedTarget)) return;
      clearTimeout(timer);
      const text = number.querySelector(".pc-num__text");
      timer = setTimeout(() => { if (!cardOf(text) || cardOf(text) !== pinned) hide(cardOf(text)); }, CLOSE_AFTER);
    });
    document.addEventListener("pointerdown", (event) => {
      const text = event.target.closest?.(".pc-num__text");
      const card = text && cardOf(text);
      pressed = card && isOpen(card) && pinned === card ? card : null;
    }, true);
    document.addEventListener("click", (event) => {
      const text = event.target.closest?.(".pc-num__text");
      // With a modifier key the reader wants the link itself, in a new tab.
      if (!text || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      toggle(text);
    });
    document.addEventListener("toggle", (event) => {
      const card = event.target;
      if (!card.classList?.contains("pc-pop")) return;
      textOf(card)?.setAttribute("aria-expanded", String(event.newState === "open"));
      if (event.newState === "closed" && pinned === card) pinned = null;
    }, true);
    document.addEventListener("keydown", (event) => {
      const text = event.target.closest?.(".pc-num__text");
      if (event.key === " " && text) { event.preventDefault(); pressed = null; toggle(text); return; }
      if (event.key !== "Escape") return;
      for (const card of document.querySelectorAll(".pc-pop:popover-open")) {
        const within = card.contains(document.activeElement);
        hide(card);
        if (within) textOf(card)?.focus();
        event.stopPropagation();
      }
    }, true);
    const follow = () => {
      for (const card of document.querySelectorAll(".pc-pop:popover-open")) if (textOf(card)) place(textOf(card), card);
    };
    window.addEventListener("scroll", follow, { passive: true });
    window.addEventListener("resize", follow);
  }

  // A link to what stands in a fold opens it.
  const unfold = (element) => { const fold = element?.closest(".pc-fold"); if (fold) fold.open = true; };
  window.pcUnfold = unfold;
  const reach = () => {
    const at = document.getElementById(window.pcAnchor());
    unfold(at);
    at?.querySelectorAll(":scope > .pc-fold").forEach(unfold);
  };
  document.addEventListener("DOMContentLoaded", reach);
  window.addEventListener("hashchange", reach);
})();

/* One stop of the Tab key for each paragraph, figure and table; the arrow keys move among what can be reached in it. */
(() => {
  "use strict";
  const article = document.querySelector("article.bd-article");
  if (!article) return;
  const ITEMS = "a[href], button, summary, [role=button]";
  // What is moved by keys of its own, or comes and goes, stays as it is.
  const OWN = ".pc-pop, .pc-explorer__live, .pc-stepper";
  const groupOf = (item) => item.closest("table, .pc-table__pages") || item.closest("div.cell, figure") || item.closest("p, li, dd, dt, .citation");
  const itemsOf = (group) => [...group.querySelectorAll(ITEMS)]
    .filter((item) => !item.closest(OWN) && groupOf(item) === group && item.getClientRects().length);

  function settle(group, chosen) {
    const items = itemsOf(group);
    const one = chosen ?? items.find((item) => item.tabIndex === 0 && item.hasAttribute("tabindex")) ?? items[0];
    for (const item of items) item.tabIndex = item === one ? 0 : -1;
    return items;
  }
  const settleAll = () => {
    const groups = new Set([...article.querySelectorAll(ITEMS)].filter((item) => !item.closest(OWN)).map(groupOf));
    for (const group of groups) if (group) settle(group);
  };
  const said = document.createElement("div");
  said.className = "pc-keys";
  said.setAttribute("role", "status");
  article.after(said);
  article.addEventListener("focusin", (event) => {
    const item = event.target.closest(ITEMS), group = item && !item.closest(OWN) && groupOf(item);
    said.textContent = "";
    if (!group) return;
    const items = settle(group, item);
    if (items.length > 1 && item.matches(":focus-visible")) said.textContent = `${items.indexOf(item) + 1} of ${items.length} here: arrow keys`;
  });
  article.addEventListener("focusout", () => { said.textContent = ""; });
  article.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
    const item = event.target.closest(ITEMS), group = item && !item.closest(OWN) && groupOf(item);
    if (!group) return;
    const items = itemsOf(group), cell = item.closest("td, th");
    let next;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") next = items[items.indexOf(item) + (event.key === "ArrowRight" ? 1 : -1)];
    else if (cell && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      // The next row up or down that has something in this column.
      const at = cell.parentElement.rowIndex, way = event.key === "ArrowDown" ? 1 : -1;
      next = (way > 0 ? items : [...items].reverse()).find((one) => {
        const other = one.closest("td, th");
        return other.cellIndex === cell.cellIndex && way * (other.parentElement.rowIndex - at) > 0;
      });
    }
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  // What scrolls can be reached, so that keys can scroll it. The theme makes stops of what is merely wider than its column, each
  // time that the page has changed and a third of a second has passed: this comes after it.
  const scrolling = () => {
    for (const box of article.querySelectorAll(".pc-formula, pre, dl.py p, dl.py dd, section > p, .cell_output > .output")) {
      if (box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX === "auto") box.tabIndex = 0; else box.removeAttribute("tabindex");
    }
  };
  scrolling();
  let wait = 0;
  const afterTheme = () => { clearTimeout(wait); wait = setTimeout(scrolling, 400); };
  for (const when of ["load", "resize"]) window.addEventListener(when, () => { scrolling(); afterTheme(); });
  // Rows of tables and folded parts come and go.
  let due = 0;
  const later = () => { due ||= requestAnimationFrame(() => { due = 0; settleAll(); }); };
  settleAll();
  new MutationObserver(() => { later(); afterTheme(); }).observe(article, { childList: true, subtree: true });
  article.addEventListener("toggle", (event) => { if (event.target.matches("details")) later(); }, true);
})();

/* Paper is light, and shows what is folded: sources, tables, how to cite. Code stays folded. */
(() => {
  "use strict";
  const root = document.documentElement;
  let theme = "", opened = [];
  window.addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
    opened = [...document.querySelectorAll("article details:not([open], .hide, .pc-embed__code)")];
    for (const fold of opened) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    for (const fold of opened) fold.open = false;
  });
})();

/* A figure as text, with its source: one button in the row of what can be taken away. */
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  const words = (node) => node?.textContent.trim().replace(/\s+/g, " ") || "";
  for (const row of document.querySelectorAll(".pc-figure .pc-actions")) {
    const figure = row.closest(".pc-figure");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy as text with source";
    button.addEventListener("click", async () => {
      const place = location.protocol.startsWith("http") ? `${location.href.split("#")[0]}#${figure.id}` : "";
      const lines = [
        words(figure.querySelector(".pc-figure__title")), words(figure.querySelector(".pc-figure__subtitle")),
        figure.querySelector("[role=img]")?.getAttribute("aria-label"), words([...figure.querySelectorAll("figcaption > p")].find((one) => !one.matches(".pc-actions") && !one.querySelector("code"))),
        words(figure.querySelector("summary")), words(document.querySelector(".pc-cite p")), place,
      ];
      try {
        await navigator.clipboard.writeText([...new Set(lines)].filter(Boolean).join("\n"));
        button.textContent = "Copied";
      } catch { button.textContent = "The browser did not allow it"; }
      setTimeout(() => { button.textContent = "Copy as text with source"; }, 2000);
    });
    row.append(" ", button);
  }
})();

/* The search: its script comes with the first key in its box, not before. And where a search has led: what was found, marked. */
(() => {
  "use strict";
  const script = new URL("pc-search.js", document.currentScript.src);
  const box = "form.bd-search input[name=q]";
  document.getElementById("pst-search-dialog")?.setAttribute("aria-label", "Search");
  let asked = false;
  function ask() {
    if (asked) return;
    asked = true;
    const one = document.createElement("script");
    one.src = script;
    document.head.append(one);
  }
  document.addEventListener("input", (event) => { if (event.target.matches?.(box)) ask(); });
  // The theme opens the box; without a script, or where a browser knows no such box, the button is a link to the page of the search.
  const boxed = "showModal" in (window.HTMLDialogElement?.prototype ?? {});
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("a.search-button__button")) return;
    if (boxed) event.preventDefault(); else event.stopImmediatePropagation();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const own = document.querySelector(".pc-searching input");
    if (own) own.focus(); else document.querySelector(".search-button__button")?.click();
  }, true);

  const query = new URLSearchParams(location.search);
  const own = document.querySelector(".pc-searching input");
  if (own) {
    own.value = query.get("q") ?? "";
    own.focus();
    if (own.value) ask();
  }

  const words = (query.get("found") ?? "").split("|").filter(Boolean);
  function mark() {
    const id = window.pcAnchor(), at = id && document.getElementById(id);
    if (!words.length || !id) return;
    if (!at) {
      // The row of a table that is loaded when it is asked for.
      const watch = new MutationObserver(() => { if (document.getElementById(id)) { watch.disconnect(); setTimeout(mark); } });
      watch.observe(document.querySelector("main") ?? document.body, { childList: true, subtree: true });
      return;
    }
    document.querySelectorAll(".pc-reached").forEach((one) => one.classList.remove("pc-reached"));
    // A term and what it means, a heading and what stands below it: the first is what is reached.
    const whole = at.matches("section") ? at.querySelector("h1, h2, h3, h4") : at;
    whole.classList.add("pc-reached");
    if (at.matches("dt")) at.nextElementSibling?.classList.add("pc-reached");
    // Folds and tables change the height of a page while it loads: the place is kept until the reader does something.
    const go = () => whole.scrollIntoView({ block: at.matches("figure, section") ? "start" : "center", behavior: "instant" });
    const watch = new ResizeObserver(go), stop = () => watch.disconnect();
    watch.observe(document.body);
    for (const doing of ["wheel", "touchstart", "pointerdown", "keydown"]) addEventListener(doing, stop, { once: true, passive: true });
    setTimeout(stop, 5000);
    go();
    if (!window.CSS?.highlights) return;
    const ranges = [];
    for (const part of at.matches("dt") ? [at, at.nextElementSibling] : [at]) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        if (text.parentElement.closest(".pc-pop")) continue;
        const low = text.data.toLowerCase();
        for (const word of words) {
          for (let from = low.indexOf(word); from >= 0; from = low.indexOf(word, from + word.length)) {
            const range = new Range();
            range.setStart(text, from);
            range.setEnd(text, from + word.length);
            ranges.push(range);
          }
        }
      }
    }
    CSS.highlights.set("pc-found", new Highlight(...ranges));
  }
  window.addEventListener("load", mark);
  window.addEventListener("hashchange", mark);
})();

/* A figure told step by step: what comes later is faint, and one sentence stands at a time. It opens whole. */
(() => {
  "use strict";
  for (const list of document.querySelectorAll(".pc-figure .pc-steps")) {
    const figure = list.closest(".pc-figure"), drawing = figure.querySelector("[role=img]"), items = [...list.children];
    const name = (at) => items[at].querySelector("b").textContent.replace(/\.$/, "");
    const bar = document.createElement("div"), place = document.createElement("span");
    const [back, on] = ["Back", "Next"].map((words) => Object.assign(document.createElement("button"), { type: "button", textContent: words }));
    bar.className = "pc-stepper";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Step by step");
    bar.append(back, on, place);
    list.setAttribute("aria-live", "polite");
    let at = 0; // nought shows the whole
    const show = (next) => {
      at = (next + items.length + 1) % (items.length + 1);
      figure.classList.toggle("pc-figure--told", at > 0);
      items.forEach((item, index) => { item.hidden = at > 0 && index + 1 !== at; });
      for (const mark of drawing.querySelectorAll(".pc-step")) mark.classList.toggle("pc-later", at > 0 && Number(mark.dataset.step) > at);
      (at > 0 ? bar : drawing).after(list);
      back.hidden = at === 0;
      back.textContent = at === 1 ? "Show all" : "Back";
      on.textContent = at === 0 ? "Follow it step by step" : at === items.length ? "Show all" : `Next: ${name(at)}`;
      place.textContent = at > 0 ? `Step ${at} of ${items.length}` : "";
    };
    // Whoever shows the whole again has left the steps; the button that brought it there may be gone.
    back.addEventListener("click", () => { show(at - 1); if (at === 0) on.focus(); });
    on.addEventListener("click", () => show(at + 1));
    bar.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by || at + by < 0 || at + by > items.length) return;
      event.preventDefault();
      show(at + by);
      if (at === 0) on.focus();
    });
    drawing.before(bar);
    show(0);
  }
})();

/* The values of the marks of a drawing, in a line below it: under the pointer, by touch, and by arrow keys from one stop. */
(() => {
  "use strict";
  // A small window may be a phone that calls its finger a pointer.
  const HINT = matchMedia("(hover: none), (pointer: coarse), (max-width: 759px)").matches ? "Values: touch a mark."
    : "Values: point at a mark, or come here with the Tab key and use the arrow keys.";
  for (const figure of document.querySelectorAll(".pc-figure")) {
    const drawing = figure.querySelector("[role=img]");
    if (!drawing?.querySelector(".pc-value")) continue;
    // Of the two drawings one is shown; a mark lies over another without hiding it from the keys.
    const marks = () => [...drawing.querySelectorAll(".pc-value")].filter((mark) => mark.getClientRects().length);
    const words = (mark) => mark.querySelector("title").textContent;
    const line = document.createElement("p");
    line.className = "pc-values";
    line.tabIndex = 0;
    line.setAttribute("role", "slider");
    line.setAttribute("aria-label", "Values of the figure");
    line.setAttribute("aria-valuemin", "1");
    let chosen = 0;
    const show = (mark) => {
      for (const one of drawing.querySelectorAll(".pc-value--on")) one.classList.remove("pc-value--on");
      line.classList.toggle("pc-values--on", Boolean(mark));
      line.textContent = mark ? words(mark) : HINT;
      mark?.classList.add("pc-value--on");
    };
    const choose = (at) => {
      const all = marks();
      chosen = Math.min(Math.max(at, 0), all.length - 1);
      line.setAttribute("aria-valuemax", String(all.length));
      line.setAttribute("aria-valuenow", String(chosen + 1));
      line.setAttribute("aria-valuetext", words(all[chosen]));
      return all[chosen];
    };
    const rest = () => show(document.activeElement === line ? choose(chosen) : null);
    line.addEventListener("focus", () => show(choose(chosen)));
    line.addEventListener("blur", () => show(null));
    line.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
      if (!by) return;
      event.preventDefault();
      show(choose(chosen + by));
    });
    drawing.addEventListener("pointerover", (event) => {
      const mark = event.target.closest?.(".pc-value");
      if (mark) show(mark);
    });
    drawing.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") rest(); });
    drawing.after(line);
    choose(0);
    show(null);
  }
})();

/* Whoever comes to the ledger by the address of an entry, as of an earlier edition or as it is cited, is sent to its page. */
(() => {
  "use strict";
  const told = document.getElementById("pc-entries");
  if (!told) return;
  const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  const go = () => {
    const at = window.pcAnchor();
    if (!at) return;
    const id = at.startsWith("n-") ? at : `n-${slug(at)}`, { results, tables } = JSON.parse(told.textContent);
    const page = Object.keys(results).find((name) => results[name].includes(id));
    const table = page ? "" : tables.find((name) => id.startsWith(`n-${slug(name)}-`));
    if (page || table) location.replace(`../${page || `data/${table}`}.html#${id}`);
  };
  go();
  window.addEventListener("hashchange", go);
})();
