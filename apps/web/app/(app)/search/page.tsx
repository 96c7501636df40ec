/** AppShell shows the search; what is searched for stands in `?q=`. */
export default function SearchPage() {
  return null;
}
