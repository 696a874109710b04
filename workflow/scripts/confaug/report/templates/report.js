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

  // On paper nothing can be unfolded later.
  window.addEventListener("beforeprint", function () {
    for (const details of document.querySelectorAll("details.print")) {
      details.open = true;
    }
  });
})();
