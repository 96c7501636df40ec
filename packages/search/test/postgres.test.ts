import { postgresIndex } from '../src/index.ts';
import { describeSearchIndex } from './contract.ts';

describeSearchIndex('postgres', postgresIndex);
