"use strict";

document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("again").addEventListener("click", () => window.location.reload());
});

// The terminal measures its letters once: the font has to be there by then.
document.fonts.load('16px "Roboto Mono"');
