/** For the test of the mutation tool: `clamp.spec.ts` sees some of the faults that can be put in here. */
export const clamp = (value: number, most: number): number => {
  if (value < 0) return 0;
  return value > most ? most : value;
};

export const never = (): string => {
  throw new Error('nobody calls this');
};
