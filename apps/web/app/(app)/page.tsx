/** AppShell shows what the address names, so that moving between conversations needs no server. */
export default function HomePage() {
  return null;
}
