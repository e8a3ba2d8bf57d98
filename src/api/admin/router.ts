import { router } from '../trpc.ts';
import { endpoints } from './endpoints.ts';
import { events } from './events.ts';
import { joinCodes } from './join-codes.ts';
import { participants } from './participants.ts';
import { queue } from './queue.ts';
import { settings } from './settings.ts';
import { storage } from './storage.ts';
import { workflows } from './workflows.ts';

export const admin = router({ participants, joinCodes, queue, endpoints, storage, settings, events, workflows });
