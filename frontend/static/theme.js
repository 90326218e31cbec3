// Runs before the first paint so that neither the theme nor the language flickers.
(function () {
  var root = document.documentElement;
  var theme = "system";
  var locale = "vi";
  try {
    theme = localStorage.getItem("lopmo.theme") || "system";
    locale = localStorage.getItem("lopmo.locale") || "vi";
  } catch (_) {
    // Storage can be forbidden; the system's theme is then a good answer.
  }
  var dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";
  root.lang = locale === "en" ? "en" : "vi";
})();
