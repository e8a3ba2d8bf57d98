import { openFresh } from '../fresh-database.testing.ts';
import { jobStoreContract } from './job-store.contract.testing.ts';

jobStoreContract(openFresh);
