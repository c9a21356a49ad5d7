"use strict";

// Ends that are meant: whoever is at the page decides whether to come back.
const FINAL = new Set([4000, 4001, 4002, 4003]);
const HOST_ENDED = 4002;
const LONGEST_MS = 10000;
const PING_MS = 15000;
const MOST_UNANSWERED = 2;

const told = (words) => {
  document.getElementById("why").textContent = words;
};

// There is no table any more that a button could lead to.
const toldForGood = (words) => {
  told(words);
  document.getElementById("again").hidden = true;
};

// The page is the table again as soon as the host answers; the seat is as it was left.
const comeBack = async (wait) => {
  told("The connection was lost. Your seat is kept; trying again…");
  try {
    const answer = await fetch(window.location.href, {
      cache: "no-store",
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    if (answer.ok) {
      window.location.reload();
      return;
    }
    if (answer.status === 404) {
      toldForGood(
        "There is no such seat any more: the host has ended, or began anew with new links.",
      );
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
    let unanswered = 0;
    let isGivenUp = false;
    this.addEventListener("message", () => {
      unanswered = 0;
    });
    // A network that is gone ends no connection, and who only waits sends nothing that would fail.
    const asking = setInterval(() => {
      if (unanswered >= MOST_UNANSWERED) {
        clearInterval(asking);
        isGivenUp = true;
        document.body.classList.add("-closed");
        comeBack(500);
      } else if (this.readyState === Plain.OPEN) {
        unanswered += 1;
        this.send(JSON.stringify(["ping", String(Date.now())]));
      }
    }, PING_MS);
    this.addEventListener("close", (event) => {
      clearInterval(asking);
      if (event.code === HOST_ENDED) {
        toldForGood(`${event.reason} You can close this page.`);
      } else if (FINAL.has(event.code)) {
        told(event.reason);
      } else if (!isGivenUp) {
        comeBack(500);
      }
    });
  }
};
