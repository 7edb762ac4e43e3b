// input[data-zone] tells the server in which time zone this browser is.
export function zones(root) {
  for (const input of root.querySelectorAll("input[data-zone]")) {
    input.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  }
}
