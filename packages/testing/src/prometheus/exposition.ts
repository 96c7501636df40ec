/// <reference path="./parse-prometheus-text-format.d.ts" />
import parse from 'parse-prometheus-text-format';

/** One sample as Prometheus stores it: of a histogram, each bucket, its sum and its count. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Family {
  name: string;
  help: string | undefined;
  type: string | undefined;
  samples: Sample[];
}

/** The parser gets the samples alone: of a histogram with labels it would keep the buckets of the last ones only. */
export const samplesOf = (text: string): Sample[] => {
  const samples = text.split('\n').filter((line) => !line.startsWith('#'));
  return parse(`${samples.join('\n')}\n`).flatMap(({ name, metrics }) =>
    metrics.map(({ labels = {}, value }) => ({ name, labels, value: Number(value) })),
  );
};

/** Node 20 has no Map.groupBy. */
const groupBy = (samples: Sample[], keyOf: (sample: Sample) => string): Map<string, Sample[]> => {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = keyOf(sample);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return groups;
};

export const families = (text: string): Family[] => {
  const samples = samplesOf(text);
  const metadata = (kind: 'HELP' | 'TYPE') =>
    new Map(
      [...text.matchAll(new RegExp(`^# ${kind} (\\S+) (.+)$`, 'gm'))].map(([, name = '', rest]) => [
        name,
        rest,
      ]),
    );
  const [helps, types] = [metadata('HELP'), metadata('TYPE')];
  const familyOf = ({ name }: Sample) => {
    const whole = name.replace(/_(bucket|sum|count)$/, '');
    return types.get(whole) === 'histogram' ? whole : name;
  };
  const byName = groupBy(samples, familyOf);
  return [...new Set([...types.keys(), ...byName.keys()])].map((name) => ({
    name,
    help: helps.get(name),
    type: types.get(name),
    samples: byName.get(name) ?? [],
  }));
};

/** More of one name are nearly always made of something that grows. */
const MOST_SERIES = 100;

/** Ids, hashes, e-mail addresses, network addresses, what people write: none of it belongs into a label. */
const ID_LIKE = [
  /[0-9a-f]{8}-[0-9a-f]{4}/i,
  /[0-9a-f]{16,}/i,
  /@/,
  /\d+\.\d+\.\d+\.\d+/,
  /[0-9a-f]*:[0-9a-f]*:[0-9a-f]*:/i,
  /^\d{5,}$/,
  /\s/,
];

/** What `promtool check metrics` finds, and labels that could tell of people. One line for each fault. */
export const exposed = (text: string): string[] => [
  ...malformed(text),
  ...families(text).flatMap(({ name, help, type = 'none', samples }) => [
    ...(help ? [] : [`${name}: no HELP`]),
    ...(['counter', 'gauge', 'histogram'].includes(type) ? [] : [`${name}: TYPE ${type}`]),
    ...nameFaults(name, type),
    ...(samples.length > MOST_SERIES ? [`${name}: ${samples.length} series`] : []),
    ...samples.flatMap(({ labels }) =>
      Object.entries(labels)
        .filter(([, value]) => ID_LIKE.some((pattern) => pattern.test(value)))
        .map(([label, value]) => `${name}: ${label}="${value}" looks like an id, an address or a text`),
    ),
    ...(type === 'histogram' ? histogramFaults(name, samples) : []),
  ]),
];

/** The parser skips what it cannot read. */
const malformed = (text: string): string[] => {
  const series = new Set<string>();
  return text
    .split('\n')
    .filter((line) => line !== '' && !/^# (HELP \w+ \S|TYPE \w+ (counter|gauge|histogram)$)/.test(line))
    .flatMap((line) => {
      const [, one, value = ''] = /^([a-zA-Z_:][\w:]*(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? [];
      if (one === undefined || Number.isNaN(Number(value.replace('Inf', 'Infinity'))))
        return [`cannot be read: ${line}`];
      if (series.has(one)) return [`twice: ${one}`];
      series.add(one);
      return [];
    });
};

const nameFaults = (name: string, type: string): string[] => {
  const faults: string[] = [];
  const add = (fault: boolean, text: string) => fault && faults.push(`${name}: ${text}`);
  add(!/^[a-z][a-z0-9_]*$/.test(name), 'not in snake case');
  add((type === 'counter') !== name.endsWith('_total'), 'only counters, and all of them, end in _total');
  add(/_(bucket|count|sum)$/.test(name), 'ends as the parts of a histogram do');
  add(/_(ms|millis(econds)?|minutes|hours|kb|kib|mb|mib|percent)(_|$)/.test(name), 'not in a base unit');
  add(
    type === 'histogram' && !/_(seconds|bytes|messages)$/.test(name),
    'a histogram without its unit at the end',
  );
  add(/(counter|gauge|histogram)/.test(name), 'the type is no part of a name');
  return faults;
};

const histogramFaults = (name: string, samples: Sample[]): string[] => {
  const withoutBound = ({ labels: { le: _, ...labels } }: Sample) => JSON.stringify(labels);
  return [...groupBy(samples, withoutBound).values()].flatMap((group) => {
    const buckets = group
      .filter((one) => one.name === `${name}_bucket`)
      .map(({ labels: { le = '' }, value }) => ({ bound: Number(le.replace('+Inf', 'Infinity')), value }));
    const last = buckets.at(-1);
    const count = group.find((one) => one.name === `${name}_count`)?.value;
    const isCumulative = buckets.every(
      ({ bound, value }, index) =>
        index === 0 ||
        (bound > (buckets[index - 1]?.bound ?? 0) && value >= (buckets[index - 1]?.value ?? 0)),
    );
    return [
      ...(last?.bound === Number.POSITIVE_INFINITY && last.value === count
        ? []
        : [`${name}: the bucket +Inf is not the count`]),
      ...(isCumulative ? [] : [`${name}: the buckets are not cumulative`]),
    ];
  });
};
