// Tables are sorted by a click on a heading, and some have filters; nothing else needs a script.
(function () {
  "use strict";

  function valueOf(row, column) {
    return row.cells[column].dataset.value;
  }

  function compare(first, second, numeric) {
    if (first === "" || second === "") {
      return (first === "") - (second === ""); // what is missing comes last, either way
    }
    return numeric ? Number(first) - Number(second) : first.localeCompare(second);
  }

  function sortBy(heading) {
    const table = heading.closest("table");
    const body = table.tBodies[0];
    const column = heading.cellIndex;
    const numeric = heading.classList.contains("number");
    const descending = heading.getAttribute("aria-sort") === "ascending";
    const rows = Array.from(body.rows);
    const direction = descending ? -1 : 1;
    rows.sort(function (a, b) {
      const first = valueOf(a, column);
      const second = valueOf(b, column);
      const order = compare(first, second, numeric);
      return first === "" || second === "" ? order : direction * order;
    });
    for (const other of table.tHead.rows[0].cells) {
      other.removeAttribute("aria-sort");
    }
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    body.append(...rows);
  }

  // Columns that a filter looks at, by the kind that their headings state.
  function columnsOf(table, kind) {
    return Array.from(table.tHead.rows[0].cells)
      .filter(function (heading) { return heading.dataset.filter === kind; })
      .map(function (heading) { return heading.cellIndex; });
  }

  function hasFlag(flags, wanted) {
    if (wanted === "none" || wanted === "some") {
      return (flags === "") === (wanted === "none");
    }
    return wanted === "all" || flags.split("; ").includes(wanted.slice(1));
  }

  function prepareFilters(filters) {
    const table = document.querySelector(
      'table[aria-labelledby="table-' + filters.dataset.table + '"]'
    );
    const rows = Array.from(table.tBodies[0].rows);
    const texts = columnsOf(table, "text");
    const [value] = columnsOf(table, "range");
    const [flags] = columnsOf(table, "flag");
    const status = filters.querySelector("[role=status]");
    const inputs = {};
    for (const input of filters.querySelectorAll("[data-filter]")) {
      inputs[input.dataset.filter] = input;
    }

    function isWanted(row) {
      const wanted = inputs.text.value.trim().toLowerCase();
      const found = texts.some(function (column) {
        return valueOf(row, column).toLowerCase().includes(wanted);
      });
      const number = Number(valueOf(row, value));
      return found && hasFlag(valueOf(row, flags), inputs.flag.value) &&
        !(number < inputs.low.valueAsNumber) && !(number > inputs.high.valueAsNumber);
    }

    function apply() {
      let shown = 0;
      for (const row of rows) {
        row.hidden = !isWanted(row);
        shown += !row.hidden;
      }
      status.textContent = shown + " of " + rows.length + " rows";
    }

    filters.addEventListener("input", apply);
    filters.querySelector("button").addEventListener("click", function () {
      for (const name of ["text", "low", "high"]) {
        inputs[name].value = "";
      }
      inputs.flag.value = "all";
      apply();
    });
    filters.hidden = false;
    apply();
  }

  for (const filters of document.querySelectorAll(".filters")) {
    prepareFilters(filters);
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("th button");
    if (button) {
      sortBy(button.closest("th"));
    }
  });

  // Sections: a link opens the one that it leads to, and one button opens or closes all.
  const sections = Array.from(document.querySelectorAll("details.section"));

  function openSection(hash) {
    const id = decodeURIComponent(hash.slice(1));
    const target = id && document.getElementById(id);
    const own = target && target.querySelector(":scope > details.section");
    for (let one = own || target; one; one = one.parentElement) {
      if (one.tagName === "DETAILS") {
        one.open = true;
      }
    }
    return target;
  }

  function prepareOpenAll(button) {
    function say() {
      const open = sections.every(function (one) { return one.open; });
      button.textContent = (open ? "Close" : "Open") + " all sections";
      return open;
    }

    button.addEventListener("click", function () {
      const open = say();
      for (const one of sections) {
        one.open = !open;
      }
      say();
    });
    for (const one of sections) {
      one.addEventListener("toggle", say);
    }
    button.hidden = false;
  }

  for (const button of document.querySelectorAll(".open-all")) {
    prepareOpenAll(button);
  }
  document.addEventListener("click", function (event) {
    const link = event.target.closest('a[href^="#"]');
    if (link) {
      openSection(link.hash); // before the browser goes there
    }
  });
  window.addEventListener("hashchange", function () {
    openSection(location.hash);
  });
  if (openSection(location.hash)) {
    document.getElementById(decodeURIComponent(location.hash.slice(1))).scrollIntoView();
  }

  // What is said of a word or of a molecule, near the one that is pointed at or moved to.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // screen readers have it from the element itself
  document.body.append(tip);
  document.documentElement.classList.add("scripted");

  function hideTip() {
    tip.hidden = true;
  }

  function showTip(box, ...content) {
    tip.replaceChildren(...content);
    tip.hidden = false;
    const own = tip.getBoundingClientRect();
    const room = document.documentElement.clientWidth - own.width - 8;
    const below = box.bottom + 8;
    const fits = below + own.height <= window.innerHeight;
    tip.style.left = Math.max(8, Math.min(box.left, room)) + "px";
    tip.style.top = (fits ? below : Math.max(8, box.top - own.height - 8)) + "px";
  }

  for (const word of document.querySelectorAll("dfn")) {
    const show = function () {
      showTip(word.getBoundingClientRect(), word.dataset.meaning);
    };
    word.addEventListener("pointerenter", show);
    word.addEventListener("focus", show);
    word.addEventListener("pointerleave", hideTip);
    word.addEventListener("blur", hideTip);
  }
  // Marks of a figure: the nearest one answers a pointer, and arrow keys go from one to the next.
  const REACH = 24; // pixels

  function tell(point) {
    const name = document.createElement("b");
    name.textContent = point.name;
    const lines = point.lines.map(function (line) {
      const element = document.createElement("div");
      element.textContent = line;
      return element;
    });
    if (!point.drawing) {
      return [name, ...lines];
    }
    const image = document.createElement("img");
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(point.drawing);
    image.alt = "";
    return [image, name, ...lines];
  }

  function prepareLive(figure) {
    const points = JSON.parse(figure.dataset.points);
    const plane = figure.querySelector(".plane");
    const marks = points.map(function (point, place) {
      const mark = document.createElement("button");
      mark.type = "button";
      mark.className = "mark";
      mark.tabIndex = place === 0 ? 0 : -1;
      mark.style.left = point.x + "%";
      mark.style.top = point.y + "%";
      mark.setAttribute("aria-label", [point.name, ...point.lines].join(", "));
      return mark;
    });
    let shown = null;

    function hide() {
      if (shown !== null) {
        marks[shown].classList.remove("shown");
        shown = null;
        hideTip();
      }
    }

    function show(place) {
      hide();
      shown = place;
      marks[place].classList.add("shown");
      showTip(marks[place].getBoundingClientRect(), ...tell(points[place]));
    }

    function nearest(event) {
      const box = plane.getBoundingClientRect();
      let found = null;
      let least = REACH;
      points.forEach(function (point, place) {
        const x = box.left + point.x * box.width / 100 - event.clientX;
        const y = box.top + point.y * box.height / 100 - event.clientY;
        const distance = Math.hypot(x, y);
        if (distance < least) {
          least = distance;
          found = place;
        }
      });
      return found;
    }

    function follow(event) {
      const place = nearest(event);
      if (place === null) {
        hide();
      } else if (place !== shown) {
        show(place);
      }
    }

    function move(place) {
      for (const mark of marks) {
        mark.tabIndex = -1;
      }
      marks[place].tabIndex = 0;
      marks[place].focus();
    }

    plane.addEventListener("pointermove", follow);
    plane.addEventListener("pointerdown", follow);
    plane.addEventListener("pointerleave", function (event) {
      if (event.pointerType === "mouse") {
        hide(); // what was tapped stays until something else is
      }
    });
    plane.addEventListener("focusin", function (event) {
      show(marks.indexOf(event.target));
    });
    plane.addEventListener("focusout", hide);
    plane.addEventListener("keydown", function (event) {
      const last = marks.length - 1;
      const place = marks.indexOf(event.target);
      const next = {
        ArrowRight: Math.min(place + 1, last), ArrowDown: Math.min(place + 1, last),
        ArrowLeft: Math.max(place - 1, 0), ArrowUp: Math.max(place - 1, 0),
        Home: 0, End: last,
      }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        move(next);
      } else if (event.key === "Escape") {
        hide();
      }
    });
    plane.setAttribute("role", "group");
    plane.setAttribute("aria-label", figure.dataset.hint);
    plane.append(...marks);
  }

  for (const figure of document.querySelectorAll("figure.live")) {
    prepareLive(figure);
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      hideTip();
    }
  });
  window.addEventListener("scroll", hideTip, { passive: true });

  // On paper nothing can be unfolded later; on the screen, everything is as before afterwards.
  let unfolded = [];
  window.addEventListener("beforeprint", function () {
    unfolded = Array.from(
      document.querySelectorAll("details.section:not([open]), details.print:not([open])")
    );
    for (const details of unfolded) {
      details.open = true;
    }
  });
  window.addEventListener("afterprint", function () {
    for (const details of unfolded) {
      details.open = false;
    }
  });
})();
