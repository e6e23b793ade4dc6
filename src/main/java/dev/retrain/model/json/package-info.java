/** Reading of JSON whose content is not trusted. */
package dev.retrain.model.json;
