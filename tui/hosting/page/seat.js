"use strict";

// Ends that are meant: whoever is at the page decides whether to come back.
const FINAL = new Set([4000, 4001, 4002, 4003]);
const LONGEST_MS = 10000;

const told = (words) => {
  document.getElementById("why").textContent = words;
};

// The page is the table again as soon as the host answers; the seat is as it was left.
const comeBack = async (wait) => {
  told("The connection was lost. Your seat is kept; trying again…");
  try {
    const answer = await fetch(window.location.href, { cache: "no-store" });
    if (answer.ok) {
      window.location.reload();
      return;
    }
    if (answer.status === 404) {
      told("There is no such seat any more: the host has ended, or began anew with new links.");
      return;
    }
  } catch {
    // Not reachable yet.
  }
  setTimeout(comeBack, wait, Math.min(wait * 2, LONGEST_MS));
};

const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(...given) {
    super(...given);
    this.addEventListener("close", (event) => {
      if (FINAL.has(event.code)) {
        told(event.reason);
      } else {
        comeBack(500);
      }
    });
  }
};
