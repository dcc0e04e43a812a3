/* What the theme leaves to a library of components: the place in the contents of a page, and the way back to its top. */
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-bs-title]:not([title])")) button.title = button.dataset.bsTitle;

  const back = document.getElementById("pst-back-to-top");
  if (back) {
    let before = window.scrollY;
    back.addEventListener("click", () => { window.scrollTo({ top: 0 }); });
    window.addEventListener("scroll", () => {
      back.style.display = window.scrollY < before && window.scrollY > window.innerHeight / 2 ? "block" : "none";
      before = window.scrollY;
    }, { passive: true });
  }

  // The section that is read is the last whose heading has passed the upper part of the window.
  const links = [...document.querySelectorAll("nav.page-toc a[href^='#']")].filter((link) => link.hash.length > 1);
  const sections = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  let drawn = null, asked = 0;
  function mark() {
    asked = 0;
    let at = -1;
    sections.forEach((section, i) => { if (section && section.getBoundingClientRect().top < window.innerHeight * .4) at = i; });
    const now = links[at] || null;
    if (now === drawn) return;
    drawn = now;
    for (const link of links) {
      const active = link === now || Boolean(now && link.parentElement.contains(now));
      link.classList.toggle("active", active);
      link.parentElement.classList.toggle("active", active);
      if (link === now) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    }
  }
  if (links.length) {
    window.addEventListener("scroll", () => { asked ||= requestAnimationFrame(mark); }, { passive: true });
    mark();
  }

  // Explorers are drawn already: the script that moves them comes when the first is near.
  const explorers = document.querySelectorAll(".pc-explorer__live");
  const script = new URL("pc-explorer.js", document.currentScript.src);
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watch.disconnect();
    document.head.append(Object.assign(document.createElement("script"), { src: script }));
  }, { rootMargin: "100% 0px" });
  // What is not displayed is never near.
  for (const one of explorers) watch.observe(one.closest(".pc-explorer"));
})();
