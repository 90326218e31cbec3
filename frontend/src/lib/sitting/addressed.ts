/** Addresses of this page's own for files that no session opens, by their names; those that cannot be had are left out. */
export async function addressed(names: readonly string[], get: (name: string) => Promise<Blob>): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const blob = await get(name).catch(() => null);
    if (blob) found[name] = URL.createObjectURL(blob);
  }
  return found;
}
