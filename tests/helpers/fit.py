"""What does not fit on a page: what sticks out of the window, what is cut, and texts that lie over one another."""

from __future__ import annotations

MISFITS = """() => {
  const width = document.documentElement.clientWidth, told = [];
  const name = (node) => `${node.localName}${node.id ? `#${node.id}` : ""}${typeof node.className === "string" && node.className ? `.${node.className.trim().split(/\\s+/).join(".")}` : ""}`;
  if (document.documentElement.scrollWidth > width) told.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} in ${width}`);
  const styles = new Map(), style = (node) => styles.get(node) ?? styles.set(node, getComputedStyle(node)).get(node);
  // A box that is one pixel wide is for screen readers; one that may be scrolled keeps what is wider than it.
  const known = new Map();
  const state = (node) => {
    if (known.has(node)) return known.get(node);
    const above = node.parentElement && node !== document.body ? state(node.parentElement) : { seen: true, kept: false, apart: false };
    const own = style(node), box = node.getBoundingClientRect();
    const small = box.width <= 1 && box.height <= 1 && own.overflow !== "visible";
    const one = {
      seen: above.seen && own.display !== "none" && own.visibility === "visible" && Number(own.opacity) > 0 && !small,
      kept: above.kept || ["auto", "scroll"].includes(own.overflowX) && node !== document.body,
      apart: above.apart || ["fixed", "sticky"].includes(own.position) || node.matches("dialog, [popover]"),
    };
    known.set(node, one);
    return one;
  };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const holder = text.parentElement;
    if (!text.data.trim() || holder.closest("svg, script, style, noscript, template, math") || !holder.checkVisibility({ contentVisibilityAuto: true })) continue;
    const { seen, kept, apart } = state(holder);
    if (!seen) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      if (box.width < 2 || box.height < 2) continue;
      const out = box.right > width + 1 || (box.left < -1 && box.right > 0);
      if (out && !kept) told.push(`sticks out: ${name(holder)}: ${text.data.trim().slice(0, 40)}: ${Math.round(box.left)} to ${Math.round(box.right)} in ${width}`);
      if (!apart && !kept && box.right > 0) texts.push({ holder, box, said: text.data.trim().slice(0, 30) });
    }
  }
  for (const node of document.querySelectorAll("article :is(td, th, p, li, summary, figcaption, h1, h2, h3, h4, label, button, a, code)")) {
    const { seen } = state(node);
    if (seen && style(node).overflowX === "hidden" && node.scrollWidth > node.clientWidth + 2) told.push(`is cut: ${name(node)}: ${node.textContent.trim().slice(0, 40)}`);
  }
  // Lines of one text may touch; lines of two may not.
  texts.sort((a, b) => a.box.top - b.box.top);
  texts.forEach((a, at) => {
    for (let next = at + 1; next < texts.length && texts[next].box.top < a.box.bottom; next += 1) {
      const b = texts[next];
      const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const down = Math.min(a.box.bottom, b.box.bottom) - b.box.top;
      if (across > 3 && down > .4 * Math.min(a.box.height, b.box.height)) told.push(`lie over one another: ${name(a.holder)}: ${a.said} | ${name(b.holder)}: ${b.said}`);
    }
  });
  return [...new Set(told)].slice(0, 8);
}"""
"""A script that returns what does not fit, a line each."""

NARROW = {"width": 320, "height": 800}


def misfits(page) -> dict[str, list[str]]:
    """Return what does not fit with letters of twice the size, and in a window of 320 pixels; the page is left as it was."""
    before = page.viewport_size
    found = {}
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found["200 percent"] = page.evaluate(MISFITS)
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(NARROW)
    found["320 px"] = page.evaluate(MISFITS)
    page.set_viewport_size(before)
    return {name: told for name, told in found.items() if told}
