import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { ApiConfig } from '../config.js';
import { QueueBoard } from './queue-board.js';

/** Routes for the administrator only. Without a token there are none, and their addresses are unknown ones. */
@Module({ providers: [QueueBoard] })
export class AdminModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly config: ApiConfig,
    private readonly board: QueueBoard,
  ) {}

  onModuleInit(): void {
    const { adminToken } = this.config;
    if (adminToken !== undefined) this.board.register(this.host.httpAdapter.getInstance(), adminToken);
  }
}
