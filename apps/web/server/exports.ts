import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { actions, type Core, sessionFromCookie } from '@lockstep/core';

export const EXPORTS_PATH = '/api/admin/exports/';

const EXPORT_PATH = /^\/api\/admin\/exports\/([0-9a-f-]{36})\/([a-z.]{1,40})$/;

/**
 * Files of exports, streamed. Only an admin whose download has just been recorded in the audit log
 * (`admin.downloadExport`) gets them; anything else is not found. They are attachments and never shown on our origin.
 */
export const exportDownloads =
  (core: Core) =>
  async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    try {
      const [, exportId = '', file = ''] = EXPORT_PATH.exec((req.url ?? '').split('?', 1)[0] ?? '') ?? [];
      const actor =
        exportId && req.method === 'GET' ? await sessionFromCookie(core, req.headers.cookie) : null;
      const path = actor && (await actions.openExportFile(actor, core, { exportId, file }));
      if (!path) {
        res.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found.\n');
        return;
      }
      res.writeHead(200, {
        'Content-Type': 'application/octet-stream',
        'Content-Length': (await stat(path)).size,
        'Content-Disposition': `attachment; filename="${basename(path)}"`,
      });
      await pipeline(createReadStream(path), res);
    } catch (error) {
      core.log.warn({ err: error }, 'export: download broke off');
      if (!res.headersSent) res.writeHead(500).end();
      else res.destroy();
    }
  };
