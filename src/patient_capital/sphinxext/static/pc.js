/* Popovers by hover, keyboard and touch; long tables by DataTables. No request leaves the site. */
(() => {
  "use strict";
  const OPEN_AFTER = 140, CLOSE_AFTER = 220, GAP = 6, MARGIN = 8;
  const cardOf = (text) => document.getElementById(text.dataset.card);
  const textOf = (card) => document.querySelector(`[data-card="${card.id}"]`);
  const isOpen = (card) => card.matches(":popover-open");

  // Without the Popover API a number stays what it is in the page: a link to its row in the ledger.
  const supported = "showPopover" in HTMLElement.prototype;
  if (supported) {
    for (const text of document.querySelectorAll(".pc-num__text")) {
      text.setAttribute("role", "button");
      text.setAttribute("aria-expanded", "false");
      text.setAttribute("aria-controls", text.dataset.card);
    }
  }

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

  let pinned = null, timer = 0, pressed = null;
  function show(text) {
    const card = cardOf(text);
    if (!card || isOpen(card)) return;
    card.showPopover();
    place(text, card);
  }
  function hide(card) { if (card && isOpen(card)) card.hidePopover(); }
  function toggle(text) {
    const card = cardOf(text);
    clearTimeout(timer);
    // A press outside an open card closes it before the click arrives; that click must not open it again.
    const wasPinned = pressed === card || (isOpen(card) && pinned === card);
    pressed = null;
    if (wasPinned) { pinned = null; hide(card); } else { show(text); pinned = card; }
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
      const card = cardOf(number.querySelector(".pc-num__text"));
      timer = setTimeout(() => { if (card !== pinned) hide(card); }, CLOSE_AFTER);
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
  }
  const follow = () => {
    for (const card of document.querySelectorAll(".pc-pop:popover-open")) if (textOf(card)) place(textOf(card), card);
  };
  window.addEventListener("scroll", follow, { passive: true });
  window.addEventListener("resize", follow);

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PcDataTable) return;
    for (const table of document.querySelectorAll(".pc-listing--search table")) {
      const title = table.closest(".pc-listing").querySelector(".pc-listing__title")?.textContent || "table";
      const view = new window.PcDataTable(table, {
        order: [], pageLength: window.innerWidth < 640 ? 10 : 25, lengthMenu: [10, 25, 50, 100, { label: "All", value: -1 }], autoWidth: false,
        language: { search: "Search", searchPlaceholder: "any word", lengthMenu: "_MENU_ rows",
                    info: "_START_ to _END_ of _TOTAL_", infoFiltered: "(of _MAX_)", zeroRecords: "No row matches.",
                    infoEmpty: "No rows" },
        layout: { topStart: "search", topEnd: "pageLength", bottomStart: "info", bottomEnd: "paging" },
      });
      const box = table.closest(".pc-listing").querySelector("input[type=search]");
      box?.setAttribute("aria-label", `Search: ${title}`);
      // A link to a row must find it although the table is paged.
      const go = () => {
        const id = decodeURIComponent(location.hash.slice(1));
        if (!id) return;
        const nodes = view.rows({ order: "applied", search: "applied" }).nodes().toArray();
        const at = nodes.findIndex((row) => row.id === id);
        if (at < 0) return;
        const size = view.page.len();
        if (size > 0) view.page(Math.floor(at / size)).draw("page");
        const row = document.getElementById(id);
        row?.classList.add("pc-target");
        row?.scrollIntoView({ block: "center" });
      };
      go();
      window.addEventListener("hashchange", go);
    }
  });
})();
