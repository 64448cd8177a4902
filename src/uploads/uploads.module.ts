import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/changes.module.js';
import { FormController } from './form.controller.js';
import { FormUpload } from './form-upload.js';
import { PutController } from './put.controller.js';

/** `PUT` and `POST` below `/files`. */
@Module({ imports: [ChangesModule], controllers: [PutController, FormController], providers: [FormUpload] })
export class UploadsModule {}
