'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { Desk, type DeskState, type LabDevice } from '@/lib/lab/desk.ts';

const EMPTY: DeskState = { devices: [], digests: new Map() };

/** The one desk of this page. Who stands on it is kept in the address, so that a set-up can be passed on. */
export const useDesk = (): [Desk, DeskState] => {
  const [desk] = useState(() => new Desk());
  const state = useSyncExternalStore(desk.subscribe, desk.getState, () => EMPTY);
  useEffect(() => {
    if (desk.getState().devices.length === 0) for (const person of fromAddress()) desk.add(person);
    return desk.start();
  }, [desk]);
  const address = toAddress(state.devices);
  useEffect(() => {
    if (address !== null) window.history.replaceState(null, '', address);
  }, [address]);
  return [desk, state];
};

type PersonOnDesk = LabDevice['person'];

const fromAddress = (): PersonOnDesk[] => {
  const list = new URLSearchParams(window.location.hash.slice(1)).getAll('device');
  return list.map((text) => {
    const [id = '', ...name] = text.split(' ');
    return { id, name: name.join(' ') };
  });
};

/** Null before anything was put there: the address is still to be read. */
const toAddress = (devices: readonly LabDevice[]): string | null =>
  devices.length === 0
    ? null
    : `#${new URLSearchParams(devices.map(({ person }) => ['device', `${person.id} ${person.name}`]))}`;
