import { evaluate, metricsIn, Scrapes } from '@lockstep/testing/prometheus';
import { describe, expect, it } from 'vitest';

const web = { job: 'web', instance: 'one' };

/** A scrape each 10 s. */
const scraped = (...texts: (string | null)[]) => {
  const scrapes = new Scrapes();
  for (const [index, text] of texts.entries())
    scrapes.add(web, text && `# HELP a x\n# TYPE a gauge\n${text}\n`, 100 + 10 * index);
  return scrapes;
};
const valuesOf = (expression: string, scrapes: Scrapes) => {
  const value = evaluate(expression, scrapes);
  return typeof value === 'number' ? value : value.map((one) => one.value);
};

describe('expressions', () => {
  it.each([
    ['a', [5]],
    ['a > 4', [5]],
    ['a > 5', []],
    ['a >= 5', [5]],
    ['a != 5', []],
    ['a == 5', [5]],
    ['a == 4', []],
    ['a < 6', [5]],
    ['a <= 4', []],
    ['(a + 1) * 2', [12]],
    ['a / a', [1]],
    ['2 * 3', 6],
    ['a{job="web"}', [5]],
    ['a{job!="web"}', []],
    ['a{job=~"w.+"}', [5]],
    ['a{job=~"w"}', []],
    ['a{job!~"x|web"}', []],
    ['a{nothing=""}', [5]],
    ['b', []],
    ['up', [1]],
  ])('%s', (expression, value) => expect(valuesOf(expression, scraped('a 5'))).toEqual(value));

  it.each([
    ['rate(a[1m])', [0.2]],
    ['rate(a[15s])', [0.3]],
    ['rate(a[5s])', []],
    ['increase(a[1m])', [4]],
    ['changes(a[1m])', [2]],
  ])('%s', (expression, value) => expect(valuesOf(expression, scraped('a 1', 'a 2', 'a 5'))).toEqual(value));

  it('counters begin again after a restart', () => {
    expect(valuesOf('increase(a[1m])', scraped('a 7', 'a 9', 'a 3'))).toEqual([5]);
  });

  it('what does not answer is down, and its other series end after a while', () => {
    const scrapes = scraped('a 5', null);
    expect([valuesOf('up', scrapes), valuesOf('a', scrapes)]).toEqual([[0], [5]]);
    scrapes.add(web, null, 500);
    expect(valuesOf('a', scrapes)).toEqual([]);
  });

  it('sums and maxima, of all and by label', () => {
    const scrapes = scraped('a{x="1",y="1"} 1\na{x="1",y="2"} 2\na{x="2",y="1"} 4');
    expect(valuesOf('sum(a)', scrapes)).toEqual([7]);
    expect(valuesOf('max(a)', scrapes)).toEqual([4]);
    expect(evaluate('sum by (x) (a)', scrapes)).toEqual([
      { labels: { x: '1' }, value: 3 },
      { labels: { x: '2' }, value: 4 },
    ]);
  });

  it('quantiles of a histogram, linear in a bucket', () => {
    const scrapes = new Scrapes();
    const buckets = '{le="1"} 50|{le="2"} 100|{le="+Inf"} 100'.split('|').map((one) => `h_bucket${one}`);
    const text = ['# HELP h x', '# TYPE h histogram', ...buckets, 'h_sum 1', 'h_count 100', ''].join('\n');
    scrapes.add(web, text, 1);
    expect(valuesOf('histogram_quantile(0.5, sum by (le) (h_bucket))', scrapes)).toEqual([1]);
    expect(valuesOf('histogram_quantile(0.99, h_bucket)', scrapes)).toEqual([1.98]);
    expect(valuesOf('histogram_quantile(0.25, h_bucket)', scrapes)).toEqual([0.5]);
  });

  it.each([
    ['rate(a[5m]', /^no PromQL/],
    ['', /^no PromQL/],
    ['avg(a)', /^not evaluated here: AggregateExpr/],
    ['sum without (x) (a)', /^not evaluated here/],
    ['deriv(a[5m])', /^not evaluated here: FunctionCall/],
    ['a or b', /^not evaluated here: BinaryExpr/],
    ['a > bool 1', /^not evaluated here/],
    ['a offset 5m', /^not evaluated here/],
    ['rate(a[1d])', /^not evaluated here/],
  ])('what it does not know it refuses: %s', (expression, error) => {
    expect(() => evaluate(expression, scraped('a 5'))).toThrow(error);
  });

  it('names the metrics in an expression', () => {
    expect(metricsIn('sum(rate(a{b="c"}[5m])) / sum(rate(d[5m])) > 0.1')).toEqual(['a', 'd']);
    expect(() => metricsIn('a b')).toThrow();
  });
});
