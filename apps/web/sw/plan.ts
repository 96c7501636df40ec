/** What one build consists of; written into the worker's script by server/worker-script.ts. */
export interface Plan {
  /** Differs whenever anything below differs. */
  build: string;
  /** Paths that are fetched when the worker is installed. Those below /_next/static never change their content. */
  assets: readonly string[];
  /** By language, the path of the shell. */
  shells: Readonly<Record<string, string>>;
}
