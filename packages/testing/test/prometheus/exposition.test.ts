import { exposed, samplesOf } from '@lockstep/testing/prometheus';
import { expect, it } from 'vitest';

const GOOD = `# HELP a_total Things.
# TYPE a_total counter
a_total{code="x"} 1
a_total{code="y"} 2

# HELP b_seconds Time.
# TYPE b_seconds histogram
b_seconds_bucket{le="0.5"} 1
b_seconds_bucket{le="10"} 2
b_seconds_bucket{le="+Inf"} 3
b_seconds_sum 20
b_seconds_count 3
`;

it('finds nothing wrong in what is right', () => expect(exposed(GOOD)).toEqual([]));

it.each([
  ['# HELP a_total Things.\n', '', /a_total: no HELP/],
  ['# TYPE a_total counter\n', '', /a_total: TYPE none/],
  ['a_total{code="y"} 2', 'a_total{code="x"} 2', /^twice/],
  ['a_total{code="y"} 2', 'a_total{code="y"} two', /^cannot be read/],
  ['a_total{code="y"} 2', 'a_total{code="0193f1c2-7a0e-7c11-9b1e-0a1b2c3d4e5f"} 2', /looks like an id/],
  ['code="y"', 'code="ann@example.org"', /looks like/],
  ['code="y"', 'code="203.0.113.8"', /looks like/],
  ['code="y"', 'code="2001:db8::1:8"', /looks like/],
  ['code="y"', 'code="a text"', /looks like/],
  ['b_seconds_bucket{le="+Inf"} 3\n', '', /\+Inf/],
  ['b_seconds_bucket{le="10"} 2', 'b_seconds_bucket{le="10"} 0', /not cumulative/],
])('finds what is not: %s → %s', (from, to, fault) => {
  expect(exposed(GOOD.replace(from, to)).join('\n')).toMatch(fault);
});

it.each([
  [/a_total/g, 'a', /end in _total/],
  [/a_total/g, 'aB_total', /snake case/],
  [/b_seconds/g, 'b_ms', /base unit/],
  [/b_seconds/g, 'b', /without its unit/],
])('and in the names: %s → %s', (from, to, fault) => {
  expect(exposed(GOOD.replaceAll(from, to)).join('\n')).toMatch(fault);
});

it('a histogram of each label is one of its own', () => {
  const text = `# HELP b_seconds Time.
# TYPE b_seconds histogram
b_seconds_bucket{le="1",of="x"} 2
b_seconds_bucket{le="+Inf",of="x"} 5
b_seconds_sum{of="x"} 9
b_seconds_count{of="x"} 5
b_seconds_bucket{le="1",of="y"} 1
b_seconds_bucket{le="+Inf",of="y"} 1
b_seconds_sum{of="y"} 1
b_seconds_count{of="y"} 1
`;
  expect(exposed(text)).toEqual([]);
  expect(samplesOf(text)).toHaveLength(8);
  expect(exposed(text.replace('count{of="x"} 5', 'count{of="x"} 4'))).toHaveLength(1);
});
