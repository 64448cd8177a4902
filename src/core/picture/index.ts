export { isDrawable, pictureType, type DrawableType } from './picture-type.js';
