declare module 'parse-prometheus-text-format' {
  /** What is used of it: samples without metadata, by name. */
  export default function parse(
    text: string,
  ): { name: string; metrics: { labels?: Record<string, string>; value: string }[] }[];
}
