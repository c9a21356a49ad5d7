"use strict";

document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("again").addEventListener("click", () => window.location.reload());
});

// The terminal measures its letters once: the font has to be there by then.
document.fonts.load('16px "Roboto Mono"');

// Keys go to the app as soon as it is there, without a click.
new MutationObserver((_, observer) => {
  if (document.body.classList.contains("-first-byte")) {
    document.querySelector(".xterm-helper-textarea").focus();
    observer.disconnect();
  }
}).observe(document.documentElement, { attributes: true, subtree: true, attributeFilter: ["class"] });
