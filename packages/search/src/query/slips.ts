/** Whether two words differ by at most so many letters changed, added, dropped or swapped with a neighbour. */
export const isWithin = (a: string, b: string, slips: number): boolean => {
  if (Math.abs(a.length - b.length) > slips) return false;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let value = Math.min(row[j] as number, next[j - 1] as number) + 1;
      value = Math.min(value, (row[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (before[j - 2] as number) + 1);
      next.push(value);
      least = Math.min(least, value);
    }
    if (least > slips) return false;
    before = row;
    row = next;
  }
  return (row[b.length] as number) <= slips;
};
