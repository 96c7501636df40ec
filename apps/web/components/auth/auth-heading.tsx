export const AuthHeading = ({ title, text }: { title: string; text: string }) => (
  <header className="mb-6">
    <h1 className="text-balance font-semibold text-xl">{title}</h1>
    <p className="mt-1.5 text-ink-muted text-md">{text}</p>
  </header>
);
