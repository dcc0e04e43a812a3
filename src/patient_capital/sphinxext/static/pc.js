/* Popovers by hover, keyboard and touch; long tables by DataTables. No request leaves the site. */
(() => {
  "use strict";
  const OPEN_AFTER = 140, CLOSE_AFTER = 220, GAP = 6, MARGIN = 8;
  const cardOf = (button) => document.getElementById(button.getAttribute("popovertarget"));
  const isOpen = (card) => card.matches(":popover-open");

  function place(button, card) {
    if (window.innerWidth < 600) { card.style.left = card.style.top = ""; return; }
    const at = button.getClientRects()[0] || button.getBoundingClientRect();
    const left = Math.min(Math.max(MARGIN, at.left), window.innerWidth - card.offsetWidth - MARGIN);
    const below = at.bottom + GAP;
    const fits = below + card.offsetHeight + MARGIN < window.innerHeight;
    const top = fits ? below : Math.max(MARGIN, at.top - GAP - card.offsetHeight);
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  }

  let pinned = null, timer = 0;
  function show(button) {
    const card = cardOf(button);
    if (!card || isOpen(card)) return;
    card.showPopover();
    place(button, card);
  }
  function hide(card) { if (card && isOpen(card)) card.hidePopover(); }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const number = event.target.closest?.(".pc-num");
    if (!number) return;
    clearTimeout(timer);
    const button = number.querySelector("button");
    timer = setTimeout(() => show(button), OPEN_AFTER);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "mouse") return;
    const number = event.target.closest?.(".pc-num");
    if (!number || number.contains(event.relatedTarget)) return;
    clearTimeout(timer);
    const card = cardOf(number.querySelector("button"));
    timer = setTimeout(() => { if (card !== pinned) hide(card); }, CLOSE_AFTER);
  });
  // A click keeps what the pointer has opened already; without this the click would close it again.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".pc-num__button");
    if (!button) return;
    const card = cardOf(button);
    event.preventDefault();
    clearTimeout(timer);
    if (isOpen(card) && pinned === card) { hide(card); } else { show(button); pinned = card; }
  });
  document.addEventListener("toggle", (event) => {
    const card = event.target;
    if (!card.classList?.contains("pc-pop")) return;
    const button = document.querySelector(`[popovertarget="${card.id}"]`);
    button?.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed" && pinned === card) pinned = null;
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const card of document.querySelectorAll(".pc-pop:popover-open")) {
      const button = document.querySelector(`[popovertarget="${card.id}"]`);
      hide(card);
      button?.focus();
      event.stopPropagation();
    }
  }, true);
  const follow = () => {
    for (const card of document.querySelectorAll(".pc-pop:popover-open"))
      place(document.querySelector(`[popovertarget="${card.id}"]`), card);
  };
  window.addEventListener("scroll", follow, { passive: true });
  window.addEventListener("resize", follow);

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PcDataTable) return;
    for (const table of document.querySelectorAll(".pc-listing--search table")) {
      const title = table.closest(".pc-listing").querySelector(".pc-listing__title")?.textContent || "table";
      const view = new window.PcDataTable(table, {
        order: [], pageLength: 25, lengthMenu: [25, 50, 100, { label: "All", value: -1 }], autoWidth: false,
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
