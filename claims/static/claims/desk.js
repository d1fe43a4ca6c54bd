/* What the pages do beyond links and forms: clocks that tick, a text that is copied as it is, forms for changes
   (PATCH), a moment picked or set to now, one more parcel, and waiting for work that goes on elsewhere. */
"use strict";

(function () {
  const MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const each = (selector, act, root) => (root || document).querySelectorAll(selector).forEach(act);

  function words(span) {
    const minutes = Math.floor(Math.abs(span) / MINUTE);
    const days = Math.floor(minutes / 1440), hours = Math.floor(minutes % 1440 / 60);
    if (days) return days + " d " + hours + " h";
    return hours ? hours + " h " + minutes % 60 + " min" : minutes % 60 + " min";
  }

  function tick(element) {
    const target = Date.parse(element.dataset.until) - Date.now();
    const due = Date.parse(element.dataset.due) - Date.now();
    element.textContent = target > 0 ? words(target) + " left"
      : due > 0 ? "Target passed, due in " + words(due) : "Overdue by " + words(due);
    element.classList.toggle("left--danger", target < 4 * HOUR);
    element.classList.toggle("left--soon", target >= 4 * HOUR && target < DAY);
    element.classList.toggle("left--calm", target >= DAY);
  }

  function copied(button, worked) {
    const before = button.dataset.label || button.textContent;
    button.dataset.label = before;
    button.textContent = worked ? "Copied" : "Select the text and copy it by hand";
    setTimeout(() => { button.textContent = before; }, 3000);
  }

  function copyByHand(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    const worked = document.execCommand("copy");
    area.remove();
    return worked;
  }

  function readyToCopy(button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = JSON.parse(document.getElementById(button.dataset.copy).textContent);
      if (!navigator.clipboard) return copied(button, copyByHand(text));
      navigator.clipboard.writeText(text).then(() => copied(button, true), () => copied(button, copyByHand(text)));
    });
  }

  function local(moment) {
    const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
    const offset = -moment.getTimezoneOffset();
    return moment.getFullYear() + "-" + two(moment.getMonth() + 1) + "-" + two(moment.getDate()) + "T"
      + two(moment.getHours()) + ":" + two(moment.getMinutes()) + ":" + two(moment.getSeconds())
      + (offset < 0 ? "-" : "+") + two(offset / 60) + ":" + two(offset % 60);
  }

  function readyForMoments(input) {
    if (input.dataset.ready) return;
    input.dataset.ready = "yes";
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const now = document.createElement("button");
    now.type = "button";
    now.className = "btn btn--small";
    now.textContent = "Now";
    now.addEventListener("click", () => { input.value = local(new Date()); });
    const pick = document.createElement("input");
    pick.type = "datetime-local";
    pick.setAttribute("aria-label", "Pick the moment in the zone of this computer, " + zone);
    pick.title = "Zone of this computer: " + zone;
    pick.addEventListener("change", () => { if (pick.value) input.value = local(new Date(pick.value)); });
    input.after(pick, now);
  }

  function show(html) {
    document.open();
    document.write(html);
    document.close();
  }

  function readyToChange(form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const button = form.querySelector("[type=submit]");
      button.disabled = true;
      fetch(form.action, {
        method: "PATCH",
        body: new FormData(form),
        headers: { "X-CSRFToken": document.body.dataset.csrf, Accept: "text/html" },
        credentials: "same-origin",
      }).then((answer) => {
        const onward = answer.ok && answer.headers.get("Location");
        if (onward) return location.assign(onward);
        return answer.text().then((html) => show(html));
      }).catch(() => {
        button.disabled = false;
        alert("The server could not be reached. Nothing was saved; try again.");
      });
    });
  }

  function readyForRows(button) {
    const group = button.closest("details");
    const rows = group.querySelector("[data-rows]"), template = group.querySelector("template");
    button.hidden = false;
    button.addEventListener("click", () => {
      const row = template.content.cloneNode(true), number = rows.children.length;
      each("[name]", (field) => {
        field.name = field.name.replace("[0]", "[" + number + "]");
        field.id = "f-" + field.name;
      }, row);
      each("label[for]", (label) => { label.htmlFor = label.htmlFor.replace("[0]", "[" + number + "]"); }, row);
      each("[data-moment]", readyForMoments, row);
      rows.append(row);
      rows.lastElementChild.querySelector("input, select").focus();
    });
  }

  /* Only what work changes is drawn anew: a reload would take away a click, a selection or the place read. */
  function refresh() {
    return fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" })
      .then((answer) => answer.text())
      .then((html) => {
        const page = new DOMParser().parseFromString(html, "text/html");
        each("[data-fresh]", (old) => {
          const fresh = page.getElementById(old.id);
          if (!fresh) return;
          if (old.contains(document.activeElement)) {
            if (old.querySelector("[data-job]")) setTimeout(refresh, 3000);
            return;
          }
          old.replaceWith(document.adoptNode(fresh));
          wire(fresh);
        });
      });
  }

  function wait(element) {
    const look = () => fetch(element.dataset.job, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then((answer) => answer.json())
      .then((job) => {
        if (job.status === "done" || job.status === "failed") return refresh();
        setTimeout(look, 1500);
      })
      .catch(() => setTimeout(look, 5000));
    setTimeout(look, 700);
  }

  function openNamed() {
    const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (named && named.tagName === "DETAILS") named.open = true;
  }

  function once(form) {
    form.addEventListener("submit", () => {
      if (form.dataset.method) return;
      setTimeout(() => each("[type=submit]", (button) => { button.disabled = true; }, form), 0);
    });
  }

  function wire(root) {
    each(".left", tick, root);
    each("[data-copy]", readyToCopy, root);
    each("[data-moment]", readyForMoments, root);
    each("form[data-method=PATCH]", readyToChange, root);
    each("form[method=post]", once, root);
    each("[data-add-row]", readyForRows, root);
    each("[data-job]", wait, root);
  }

  wire(document);
  setInterval(() => each(".left", tick), 15000);
  each("[data-focus]", (element) => element.focus());
  addEventListener("hashchange", openNamed);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  openNamed();
})();
