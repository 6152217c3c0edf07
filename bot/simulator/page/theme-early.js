// A classic script in <head>, so that the remembered theme is there before the first paint (modules run too late).
// `?theme=dark|light` wins over what is remembered; without either the system decides.
(function () {
  var theme = new URLSearchParams(location.search).get("theme");
  try {
    theme = theme || localStorage.getItem("skolebud.theme");
  } catch (error) {
    // Storage may be forbidden; the system's theme is fine then.
  }
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
})();
