/** The way to a list as a file (CSV), under its title; `isByName` where the file cannot have the order of the list. */
export function ExportLink({ url, isByName = false }: { url: string; isByName?: boolean }) {
  return (
    <a class="button" href={url}>
      {isByName ? "Export CSV by user name" : "Export CSV"}
    </a>
  );
}
