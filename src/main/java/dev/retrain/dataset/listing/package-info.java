/**
 * Which files a directory contains, and which of them are no data: hidden files and what operating
 * systems, file managers and network drives leave behind.
 */
package dev.retrain.dataset.listing;
