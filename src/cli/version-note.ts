/** What to say where the daemon is another version than this program; undefined where it is the same or not known. */
export function versionNote(versions: { own: string; daemon: string | undefined }): string | undefined {
  const { own, daemon } = versions;
  if (daemon === undefined || daemon === own) return undefined;
  return isOlder(daemon, own)
    ? `note: the daemon is still ao ${daemon}, this is ao ${own}: \`ao restart\` starts the new one; agents run on`
    : `note: the daemon is ao ${daemon}, this is ao ${own}: another installation started it`;
}

/** Compares by numbers; what follows a "-" makes a version older than the same without. */
function isOlder(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => version.split("-")[0] ?? "");
  const order = String(a).localeCompare(String(b), "en", { numeric: true });
  return order < 0 || (order === 0 && one.includes("-") && !other.includes("-"));
}
