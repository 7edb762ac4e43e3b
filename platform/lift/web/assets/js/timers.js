// data-timer="720" counts 720 s down; data-timer="up" or "down" with data-seconds counts from there. Past zero it goes
// on calmly: nothing is cut off.
import { fresh } from "./once.js";

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export function timers(root) {
  for (const element of fresh(root, "[data-timer]", "timer")) {
    const up = element.dataset.timer === "up";
    const start = Number(element.dataset.seconds ?? element.dataset.timer) || 0;
    const began = performance.now();
    const show = () => {
      const passed = Math.floor((performance.now() - began) / 1000);
      const left = start - passed;
      element.textContent = up ? clock(start + passed) : left >= 0 ? `${clock(left)} left` : `${clock(-left)} over`;
      element.classList.toggle("timer-over", !up && left < 0);
    };
    // A screen reader must not hear every second.
    element.setAttribute("role", "timer");
    element.setAttribute("aria-live", "off");
    show();
    const ticking = setInterval(() => (element.isConnected ? show() : clearInterval(ticking)), 1000);
  }
}
