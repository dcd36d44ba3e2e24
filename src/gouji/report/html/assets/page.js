// Theme, print and the inspector: what every page needs.
const root = document.documentElement;
const kept = { get() { try { return localStorage.getItem("gouji-theme"); } catch { return null; } },
               set(v) { try { localStorage.setItem("gouji-theme", v); } catch { /* a page opened from a file may have no store */ } } };
if (kept.get()) root.dataset.theme = kept.get();
document.getElementById("theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  kept.set(root.dataset.theme);
});
document.getElementById("print").addEventListener("click", () => print());
const inspector = document.getElementById("inspector");
if (inspector) {
  const place = document.getElementById("look");
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-look]");
    if (!button) { if (event.target === inspector) inspector.close(); return; }
    place.replaceChildren(document.getElementById(button.dataset.look).content.cloneNode(true));
    inspector.showModal();
    inspector.scrollTop = 0;
  });
}
